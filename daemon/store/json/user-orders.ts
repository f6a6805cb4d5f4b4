import { firstIndex, SortedSlots } from "./sorted-slots.ts";
import type { Row, SortKey, UserRows } from "./user-rows.ts";

/** Slots in one order. */
export interface Ordered {
  readonly length: number;
  at(index: number): number | undefined;
  /** Of a slot that may be among them; an index that holds another one, or none, where it is not. */
  indexOf(slot: number): number;
}

/** Some users' slots in the orders that lists were asked for: each is sorted once and kept from then on. */
export class UserOrders {
  readonly #rows: UserRows;
  readonly #slots = new Set<number>();
  readonly #orders = new Map<SortKey, SortedSlots>();

  constructor(rows: UserRows) {
    this.#rows = rows;
  }

  /** Ties by username. */
  by(key: SortKey): SortedSlots {
    const ready = this.#orders.get(key);
    if (ready) return ready;
    const order = sortedBy(this.#rows, [...this.#slots], key);
    this.#orders.set(key, order);
    return order;
  }

  add(slot: number): void {
    this.#slots.add(slot);
    for (const order of this.#orders.values()) order.add(slot);
  }

  remove(slot: number): void {
    this.#slots.delete(slot);
    for (const order of this.#orders.values()) order.remove(slot);
  }

  /** Runs `replace`, which puts `after` in the place of `before` at `slot`; only orders in which it moves are touched. */
  move(slot: number, before: Row, after: Row, replace: () => void): void {
    const renamed = before.username !== after.username;
    const orders = [...this.#orders].filter(([key]) => renamed || before[key] !== after[key]);
    for (const [, order] of orders) order.remove(slot);
    replace();
    for (const [, order] of orders) order.add(slot);
  }
}

/** Texts gathered beforehand sort twice as fast as texts fetched from the rows at each comparison. */
function sortedBy(rows: UserRows, slots: readonly number[], key: SortKey): SortedSlots {
  const texts = Array.from({ length: rows.length }, (_, slot) => rows.at(slot)?.[key] ?? "");
  const exactly = comparing(rows, key);
  const sorted = [...slots].sort((a, b) => compare(texts[a] ?? "", texts[b] ?? "") || exactly(a, b));
  return new SortedSlots(sorted, exactly);
}

/** Ascending; usernames are unique, so that no two rows are equal. */
function comparing(rows: UserRows, key: SortKey): (a: number, b: number) => number {
  return (a, b) => {
    const [one, other] = [rows.row(a), rows.row(b)];
    return compare(one[key], other[key]) || compare(one.username, other.username);
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A window of an ascending order. */
export function ascending(order: Ordered, offset: number, limit: number): number[] {
  const found: number[] = [];
  const end = Math.min(order.length, offset + limit);
  for (let index = offset; index < end; index++) {
    const slot = order.at(index);
    if (slot !== undefined) found.push(slot);
  }
  return found;
}

/** An order by some key read from its end: the runs of ties are reversed, not what is in them. */
export class Descending {
  readonly #order: Ordered;
  readonly #keyAt: (index: number) => string;

  constructor(order: Ordered, rows: UserRows, key: SortKey) {
    this.#order = order;
    this.#keyAt = (index) => rows.row(order.at(index) ?? -1)[key];
  }

  window(offset: number, limit: number): number[] {
    const found: number[] = [];
    const { length } = this.#order;
    for (let position = offset; found.length < limit && position < length; ) {
      const { start, end } = this.#tiesAt(length - 1 - position);
      const first = start + position - (length - end);
      const run = ascending(this.#order, first, Math.min(end - first, limit - found.length));
      found.push(...run);
      position += run.length;
    }
    return found;
  }

  /** Where what is at `index` of the ascending order stands in this one. */
  positionOf(index: number): number {
    const { start, end } = this.#tiesAt(index);
    return this.#order.length - end + (index - start);
  }

  /** The run of ties around `index`, looked for in growing steps: it is mostly short. */
  #tiesAt(index: number): { start: number; end: number } {
    const tie = this.#keyAt(index);
    const { length } = this.#order;
    const before = reach(index, (step) => this.#keyAt(index - step) === tie);
    const after = reach(length - 1 - index, (step) => this.#keyAt(index + step) === tie);
    return { start: index - before, end: index + after + 1 };
  }
}

/** The greatest step up to `most` for which `holds`, which then holds for all smaller ones; 0 when for none. */
function reach(most: number, holds: (step: number) => boolean): number {
  let bound = 1;
  while (bound <= most && holds(bound)) bound *= 2;
  const low = Math.floor(bound / 2);
  return low + firstIndex(Math.min(bound - 1, most) - low, (at) => !holds(low + 1 + at));
}
