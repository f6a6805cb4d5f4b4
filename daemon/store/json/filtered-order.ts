import type { SortedSlots } from "./sorted-slots.ts";
import type { Ordered } from "./user-orders.ts";

/** Whether what is at a slot passes a filter. */
export type Passes = (slot: number) => boolean;

/** Those slots of an order that pass: looked for from the nearer end, and only as far as is asked. */
export class FilteredOrder implements Ordered {
  readonly length: number;
  readonly #fromStart: Gathered;
  readonly #fromEnd: Gathered;

  /** `count` of the order pass. */
  constructor(order: SortedSlots, passes: Passes, count: number) {
    this.length = count;
    this.#fromStart = new Gathered(order.blocks(), passes);
    this.#fromEnd = new Gathered(order.blocksBackwards(), passes);
  }

  at(index: number): number | undefined {
    const after = this.length - 1 - index;
    return index <= after ? this.#fromStart.at(index) : this.#fromEnd.at(after);
  }

  indexOf(slot: number): number {
    return this.#fromStart.indexOf(slot);
  }
}

/** Those slots of an order that are marked by a 1 and pass all of the tests, of which there is at least one; takes the marks of the others away. */
export function filterMarked(order: SortedSlots, marks: Uint8Array, tests: readonly Passes[]): FilteredOrder {
  let count = 0;
  for (const passes of tests) count = unmark(marks, passes);
  return new FilteredOrder(order, (slot) => marks[slot] === 1, count);
}

/** Says how many marks stay. In the order of the slots, where memory is read in its own order. */
function unmark(marks: Uint8Array, passes: Passes): number {
  let count = 0;
  for (let slot = 0; slot < marks.length; slot++) {
    if (marks[slot] === 0) continue;
    if (passes(slot)) count += 1;
    else marks[slot] = 0;
  }
  return count;
}

/** The slots that pass, in the order in which the blocks bring them. */
class Gathered {
  readonly #blocks: Iterator<readonly number[]>;
  readonly #passes: Passes;
  readonly #slots: number[] = [];

  constructor(blocks: Iterator<readonly number[]>, passes: Passes) {
    this.#blocks = blocks;
    this.#passes = passes;
  }

  at(index: number): number | undefined {
    while (this.#slots.length <= index && this.#gather());
    return this.#slots[index];
  }

  indexOf(slot: number): number {
    for (let from = 0; ; ) {
      const found = this.#slots.indexOf(slot, from);
      if (found !== -1) return found;
      from = this.#slots.length;
      if (!this.#gather()) return -1;
    }
  }

  /** Goes through one more block; false where there is none. */
  #gather(): boolean {
    const next = this.#blocks.next();
    if (next.done) return false;
    for (const slot of next.value) if (this.#passes(slot)) this.#slots.push(slot);
    return true;
  }
}
