import type { Work } from "./idle-work.ts";
import type { Identified, Rows } from "./rows.ts";

/**
 * Takes all rows into an index, slot by slot, while they change: what changes at a slot that it has reached is taken in
 * by the index at once, the other slots it will come to. (An online index build.) To be begun when the rows are complete.
 */
export class Backfill<Row extends Identified> implements Work {
  readonly #rows: Rows<Row>;
  readonly #take: (slot: number, row: Row) => void;
  #reached = 0;

  constructor(rows: Rows<Row>, take: (slot: number, row: Row) => void) {
    this.#rows = rows;
    this.#take = take;
  }

  /** The slots below this one have been taken in. */
  get reached(): number {
    return this.#reached;
  }

  has(slot: number): boolean {
    return slot < this.#reached;
  }

  /** Whether all rows have been taken in, so that new ones need not wait. */
  get complete(): boolean {
    return this.#reached === Number.POSITIVE_INFINITY;
  }

  step(): boolean {
    const slot = this.#reached;
    if (slot >= this.#rows.length) {
      this.end();
      return false;
    }
    const row = this.#rows.at(slot);
    if (row) this.#take(slot, row);
    this.#reached = slot + 1;
    return true;
  }

  /** All rows have been taken in some other way. */
  end(): void {
    this.#reached = Number.POSITIVE_INFINITY;
  }
}
