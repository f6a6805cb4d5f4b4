import { type UserSort, userSortKeys } from "../../../protocol/index.ts";
import { firstIndex, SortedBlocks } from "./sorted-blocks.ts";
import type { Row, UserRows } from "./user-rows.ts";

type SortKey = UserSort["by"];

/** Slots in one order. */
export interface Ordered {
  readonly length: number;
  at(index: number): number | undefined;
  /** Of a slot that may be among them; an index that holds another one, or none, where it is not. */
  indexOf(slot: number): number;
}

/** Some users' slots, kept in every order that lists can be asked for; ties by username. */
export class UserOrders {
  readonly #orders: ReadonlyMap<SortKey, SortedBlocks<number>>;

  constructor(rows: UserRows, slots: readonly number[]) {
    this.#orders = new Map(userSortKeys.map((key) => [key, new SortedBlocks(slots, comparing(rows, key))]));
  }

  by(key: SortKey): SortedBlocks<number> {
    const order = this.#orders.get(key);
    if (!order) throw new Error(`Users are not sorted by ${key}`);
    return order;
  }

  add(slot: number): void {
    for (const order of this.#orders.values()) order.add(slot);
  }

  remove(slot: number): void {
    for (const order of this.#orders.values()) order.remove(slot);
  }

  /** Runs `replace`, which puts `after` in the place of `before` at `slot`; only orders in which it moves are touched. */
  move(slot: number, before: Row, after: Row, replace: () => void): void {
    const renamed = before.username !== after.username;
    const moved = userSortKeys.filter((key) => renamed || before[key] !== after[key]);
    for (const key of moved) this.by(key).remove(slot);
    replace();
    for (const key of moved) this.by(key).add(slot);
  }
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
