/** Half full after a split, so that both halves can take insertions before the next one. */
const BLOCK = 512;

/** A sorted list of slots, of any length: adding, removing and reading at an index cost a short block's worth of work. */
export class SortedSlots {
  readonly #compare: (a: number, b: number) => number;
  #blocks: number[][];
  /** The index at which each block begins; null when it must be counted again. */
  #starts: number[] | null = null;
  #length: number;

  /** `sorted` is in the order of `compare`, which must tell any two slots apart. */
  constructor(sorted: readonly number[], compare: (a: number, b: number) => number) {
    this.#compare = compare;
    this.#blocks = [];
    for (let start = 0; start < sorted.length; start += BLOCK) {
      this.#blocks.push(sorted.slice(start, start + BLOCK));
    }
    this.#length = sorted.length;
  }

  get length(): number {
    return this.#length;
  }

  add(slot: number): void {
    this.#starts = null;
    this.#length += 1;
    const comesLast = this.#comesLast(slot);
    const at = comesLast ? this.#blocks.length - 1 : this.#blockOf(slot);
    const block = this.#blocks[at];
    if (!block) {
      this.#blocks.push([slot]);
      return;
    }
    block.splice(comesLast ? block.length : this.#indexIn(block, slot), 0, slot);
    if (block.length > 2 * BLOCK) this.#blocks.splice(at + 1, 0, block.splice(BLOCK));
  }

  remove(slot: number): void {
    const at = this.#blockOf(slot);
    const block = this.#blocks[at];
    const index = block ? this.#indexIn(block, slot) : 0;
    if (block?.[index] !== slot) throw new Error("The slot is not in its place");
    this.#starts = null;
    this.#length -= 1;
    block.splice(index, 1);
    if (block.length === 0) this.#blocks.splice(at, 1);
  }

  at(index: number): number | undefined {
    const starts = this.#startsNow();
    const block = firstIndex(starts.length, (at) => (starts[at] ?? 0) > index) - 1;
    return this.#blocks[block]?.[index - (starts[block] ?? 0)];
  }

  /** The index of a slot that is in the list. */
  indexOf(slot: number): number {
    const at = this.#blockOf(slot);
    const block = this.#blocks[at];
    if (!block) return this.#length;
    return (this.#startsNow()[at] ?? 0) + this.#indexIn(block, slot);
  }

  /** All slots in their order, as many at a time as are kept together. */
  blocks(): Iterator<readonly number[]> {
    return this.#blocks.values();
  }

  /** The same from the last slot to the first. */
  *blocksBackwards(): Iterator<readonly number[]> {
    for (let at = this.#blocks.length - 1; at >= 0; at--) yield this.#blocks[at]?.toReversed() ?? [];
  }

  /** As what is new does in most orders, and what has just changed. */
  #comesLast(slot: number): boolean {
    const last = this.#blocks.at(-1)?.at(-1);
    return last === undefined || this.#compare(last, slot) < 0;
  }

  /** The first block whose last slot is not before `slot`. */
  #blockOf(slot: number): number {
    return firstIndex(this.#blocks.length, (at) => {
      const last = this.#blocks[at]?.at(-1);
      return last !== undefined && this.#compare(last, slot) >= 0;
    });
  }

  #indexIn(block: readonly number[], slot: number): number {
    return firstIndex(block.length, (at) => {
      const other = block[at];
      return other !== undefined && this.#compare(other, slot) >= 0;
    });
  }

  #startsNow(): number[] {
    if (this.#starts) return this.#starts;
    let start = 0;
    const starts = this.#blocks.map((block) => {
      const here = start;
      start += block.length;
      return here;
    });
    this.#starts = starts;
    return starts;
  }
}

/** The first of the indexes below `length` for which a test holds that holds for all later ones too; else `length`. */
export function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
