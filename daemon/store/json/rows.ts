import type { Work } from "./idle-work.ts";

export interface Identified {
  readonly id: string;
}

/**
 * A row for each record at a small fixed number, its slot: what orders and marks are made of instead of references. As
 * work, the records there are at the beginning become rows one by one.
 */
export class Rows<Row extends Identified> implements Work {
  readonly #rows: (Row | null)[] = [];
  readonly #slots = new Map<string, number>();
  readonly #free: number[] = [];
  readonly #coming: Iterator<Row>;

  /** `coming`, read bit by bit, also brings records that are put meanwhile and none that is deleted, as a `Map`'s values do. */
  constructor(coming: Iterable<Row>) {
    this.#coming = coming[Symbol.iterator]();
  }

  step(): boolean {
    const next = this.#coming.next();
    if (next.done) return false;
    if (!this.#slots.has(next.value.id)) this.add(next.value);
    return true;
  }

  /** One more than the highest slot. */
  get length(): number {
    return this.#rows.length;
  }

  slotOf(id: string): number | undefined {
    return this.#slots.get(id);
  }

  /** Null where there is no row. */
  at(slot: number): Row | null {
    return this.#rows[slot] ?? null;
  }

  /** The row at a slot that is in use. */
  row(slot: number): Row {
    const row = this.#rows[slot];
    if (!row) throw new Error(`There is no row at slot ${slot}`);
    return row;
  }

  /** Takes the marks away, one a slot, of rows that do not pass: in the order of the slots, where memory is read in its own order. */
  unmark(marks: Uint8Array, passes: (row: Row) => boolean): void {
    for (let slot = 0; slot < marks.length; slot++) {
      if (marks[slot] === 0) continue;
      const row = this.#rows[slot];
      if (row && !passes(row)) marks[slot] = 0;
    }
  }

  /** Takes the marks away of slots that hold no row. */
  unmarkFree(marks: Uint8Array): void {
    for (const slot of this.#free) marks[slot] = 0;
  }

  add(row: Row): number {
    const slot = this.#free.pop() ?? this.#rows.length;
    this.#rows[slot] = row;
    this.#slots.set(row.id, slot);
    return slot;
  }

  replace(slot: number, row: Row): void {
    this.#rows[slot] = row;
  }

  remove(slot: number): void {
    this.#slots.delete(this.row(slot).id);
    this.#rows[slot] = null;
    this.#free.push(slot);
  }
}
