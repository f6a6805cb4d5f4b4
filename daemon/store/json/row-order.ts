import { Backfill } from "./backfill.ts";
import type { Work } from "./idle-work.ts";
import type { Identified, Rows } from "./rows.ts";
import { SortedSlots } from "./sorted-slots.ts";

/** What an order sorts by, ascending by UTF-16 code unit. */
export interface Ordering<Row> {
  keyOf(row: Row): string;
  /** Tells any two rows apart whose keys are equal. */
  tieOf(row: Row): string;
  /** Whether the row is in the order at all. */
  includes(row: Row): boolean;
}

/** The slots of some rows in one order: made row by row beforehand, or sorted at once when they are needed, and kept from then on. */
export class RowOrder<Row extends Identified> {
  readonly #rows: Rows<Row>;
  readonly #ordering: Ordering<Row>;
  readonly #backfill: Backfill<Row>;
  #slots: SortedSlots;

  constructor(rows: Rows<Row>, ordering: Ordering<Row>) {
    this.#rows = rows;
    this.#ordering = ordering;
    this.#slots = new SortedSlots([], this.#compare);
    this.#backfill = new Backfill(rows, (slot, row) => {
      if (ordering.includes(row)) this.#slots.add(slot);
    });
  }

  /** Makes it beforehand, once the rows are complete. */
  get work(): Work {
    return this.#backfill;
  }

  slots(): SortedSlots {
    if (!this.#backfill.complete) {
      this.#slots = this.#sorted();
      this.#backfill.end();
    }
    return this.#slots;
  }

  /** At this slot is a row now that the order includes. */
  add(slot: number): void {
    if (this.#backfill.has(slot)) this.#slots.add(slot);
  }

  /** The row at this slot, which the order includes, is about to change or to go. */
  remove(slot: number): void {
    if (this.#backfill.has(slot)) this.#slots.remove(slot);
  }

  /** Whether a row's place is another one when `before` becomes `after`. */
  moves(before: Row, after: Row): boolean {
    const { keyOf, tieOf } = this.#ordering;
    return keyOf(before) !== keyOf(after) || tieOf(before) !== tieOf(after);
  }

  /** Faster than one by one; keys gathered beforehand sort twice as fast as keys fetched from the rows at each comparison. */
  #sorted(): SortedSlots {
    const keys: string[] = [];
    const slots: number[] = [];
    for (let slot = 0; slot < this.#rows.length; slot++) {
      const row = this.#rows.at(slot);
      keys.push(row ? this.#ordering.keyOf(row) : "");
      if (row && this.#ordering.includes(row)) slots.push(slot);
    }
    slots.sort((a, b) => compare(keys[a] ?? "", keys[b] ?? "") || this.#compare(a, b));
    return new SortedSlots(slots, this.#compare);
  }

  readonly #compare = (a: number, b: number): number => {
    const { keyOf, tieOf } = this.#ordering;
    const one = this.#rows.row(a);
    const other = this.#rows.row(b);
    return compare(keyOf(one), keyOf(other)) || compare(tieOf(one), tieOf(other));
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
