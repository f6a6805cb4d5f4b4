/** Half full after a split, so that both halves can take insertions before the next one. */
const BLOCK = 512;

/** A sorted list of any length: adding, removing and reading at an index cost a short block's worth of work. */
export class SortedBlocks<T> {
  readonly #compare: (a: T, b: T) => number;
  #blocks: T[][];
  /** The index at which each block begins; null when it must be counted again. */
  #starts: number[] | null = null;
  #length: number;

  /** `compare` must tell any two items apart. */
  constructor(items: readonly T[], compare: (a: T, b: T) => number) {
    this.#compare = compare;
    const sorted = [...items].sort(compare);
    this.#blocks = [];
    for (let start = 0; start < sorted.length; start += BLOCK) {
      this.#blocks.push(sorted.slice(start, start + BLOCK));
    }
    this.#length = sorted.length;
  }

  get length(): number {
    return this.#length;
  }

  add(item: T): void {
    this.#starts = null;
    this.#length += 1;
    const at = Math.min(this.#blockOf(item), Math.max(0, this.#blocks.length - 1));
    const block = this.#blocks[at];
    if (!block) {
      this.#blocks.push([item]);
      return;
    }
    block.splice(this.#indexIn(block, item), 0, item);
    if (block.length > 2 * BLOCK) this.#blocks.splice(at + 1, 0, block.splice(BLOCK));
  }

  remove(item: T): void {
    const at = this.#blockOf(item);
    const block = this.#blocks[at];
    const index = block ? this.#indexIn(block, item) : 0;
    if (block?.[index] !== item) throw new Error("The item is not in its place");
    this.#starts = null;
    this.#length -= 1;
    block.splice(index, 1);
    if (block.length === 0) this.#blocks.splice(at, 1);
  }

  at(index: number): T | undefined {
    const starts = this.#startsNow();
    const block = firstIndex(starts.length, (at) => (starts[at] ?? 0) > index) - 1;
    return this.#blocks[block]?.[index - (starts[block] ?? 0)];
  }

  /** The index of an item that is in the list. */
  indexOf(item: T): number {
    const at = this.#blockOf(item);
    const block = this.#blocks[at];
    if (!block) return this.#length;
    return (this.#startsNow()[at] ?? 0) + this.#indexIn(block, item);
  }

  filter(test: (item: T) => boolean): T[] {
    const found: T[] = [];
    for (const block of this.#blocks) {
      for (const item of block) if (test(item)) found.push(item);
    }
    return found;
  }

  /** The first block whose last item is not before `item`. */
  #blockOf(item: T): number {
    return firstIndex(this.#blocks.length, (at) => {
      const last = this.#blocks[at]?.at(-1);
      return last !== undefined && this.#compare(last, item) >= 0;
    });
  }

  #indexIn(block: readonly T[], item: T): number {
    return firstIndex(block.length, (at) => {
      const other = block[at];
      return other !== undefined && this.#compare(other, item) >= 0;
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
