import { RowOrder } from "./row-order.ts";
import { firstIndex } from "./sorted-slots.ts";
import type { Row, SortKey, UserRows } from "./user-rows.ts";

/** Slots in one order. */
export interface Ordered {
  readonly length: number;
  at(index: number): number | undefined;
  /** Of a slot that may be among them; an index that holds another one, or none, where it is not. */
  indexOf(slot: number): number;
}

/** Some users' slots in every order that lists are asked for. */
export class UserOrders {
  readonly #orders: Readonly<Record<SortKey, RowOrder<Row>>>;

  /** Of those users for whom `includes` holds. */
  constructor(rows: UserRows, includes: (row: Row) => boolean) {
    // Ties by username, which is unique: no two rows are equal.
    const by = (key: SortKey) =>
      new RowOrder(rows, { keyOf: (row) => row[key], tieOf: ({ username }) => username, includes });
    this.#orders = {
      username: by("username"),
      fullName: by("fullName"),
      createdAt: by("createdAt"),
      updatedAt: by("updatedAt"),
      lastLoginAt: by("lastLoginAt"),
      id: by("id"),
    };
  }

  by(key: SortKey): RowOrder<Row> {
    return this.#orders[key];
  }

  all(): RowOrder<Row>[] {
    return Object.values(this.#orders);
  }

  add(slot: number): void {
    for (const order of this.all()) order.add(slot);
  }

  remove(slot: number): void {
    for (const order of this.all()) order.remove(slot);
  }

  /** Runs `replace`, which puts `after` in the place of `before` at `slot`; only orders in which it moves are touched. */
  move(slot: number, before: Row, after: Row, replace: () => void): void {
    const orders = this.all().filter((order) => order.moves(before, after));
    for (const order of orders) order.remove(slot);
    replace();
    for (const order of orders) order.add(slot);
  }
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
