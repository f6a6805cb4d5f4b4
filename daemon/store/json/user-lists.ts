import type { UserRecord } from "../records.ts";
import type { UserQuery, Window } from "../store.ts";
import type { Views } from "./collections.ts";
import { finish, type Work } from "./idle-work.ts";
import { Rows } from "./rows.ts";
import { SlotText } from "./slot-text.ts";
import { firstIndex } from "./sorted-slots.ts";
import { testsOf } from "./user-filter.ts";
import { UserKinds } from "./user-kinds.ts";
import { ascending, Descending, type Ordered, UserOrders } from "./user-orders.ts";
import { type Row, rowOf, rowsOf, type UserRows } from "./user-rows.ts";

/** Lists of users: kept sorted, so that a page costs its own length; a filter costs one look at each user, a text far less. */
export class UserLists {
  readonly #kinds = new UserKinds();
  readonly #rows: UserRows;
  readonly #text: SlotText<Row>;
  readonly #present: UserOrders;
  readonly #deleted: UserOrders;
  readonly #views: Views;

  /** `users`: read bit by bit, as `Rows` do. */
  constructor(users: Iterable<UserRecord>, views: Views) {
    this.#rows = new Rows(rowsOf(users, this.#kinds));
    this.#text = new SlotText(this.#rows, ({ username, fullName }) => [username, fullName]);
    this.#present = new UserOrders(this.#rows, ({ user }) => user.deletedAt === null);
    this.#deleted = new UserOrders(this.#rows, ({ user }) => user.deletedAt !== null);
    this.#views = views;
  }

  /** What the first list needs. */
  firstWork(): Work[] {
    return [this.#rows, this.#present.by("username").work];
  }

  /** What lists in any order, and with a text, need besides. */
  furtherWork(): Work[] {
    const orders = [...this.#present.all(), ...this.#deleted.all()];
    return [this.#text.work, ...orders.map(({ work }) => work)];
  }

  put(user: UserRecord): void {
    const after = rowOf(user, this.#kinds);
    const orders = this.#ordersOf(user);
    const slot = this.#rows.slotOf(user.id);
    if (slot === undefined) {
      const fresh = this.#rows.add(after);
      this.#text.put(fresh, after);
      orders.add(fresh);
      return;
    }
    this.#text.put(slot, after);
    const before = this.#rows.row(slot);
    if (this.#ordersOf(before.user) === orders) {
      orders.move(slot, before, after, () => this.#rows.replace(slot, after));
      return;
    }
    this.#ordersOf(before.user).remove(slot);
    this.#rows.replace(slot, after);
    orders.add(slot);
  }

  delete(id: string): void {
    const slot = this.#rows.slotOf(id);
    if (slot === undefined) return;
    this.#ordersOf(this.#rows.row(slot).user).remove(slot);
    this.#rows.remove(slot);
  }

  query({ filter, sort, offset, limit, around, now }: UserQuery): Window<UserRecord> {
    finish(this.#rows);
    const order = this.#filtered(filter, sort.by, now);
    const backwards = sort.order === "desc" ? new Descending(order, this.#rows, sort.by) : null;
    const index = around === undefined ? null : this.#indexIn(order, around);
    const position = index === null ? null : (backwards?.positionOf(index) ?? index);
    const begin = position === null ? offset : position - (position % limit);
    const slots = backwards ? backwards.window(begin, limit) : ascending(order, begin, limit);
    return { items: slots.map((slot) => this.#rows.row(slot).user), total: order.length, offset: begin };
  }

  /** The live users after `id` in the order of ids. */
  after(id: string, limit: number): UserRecord[] {
    finish(this.#rows);
    const order = this.#present.by("id").slots();
    const userAt = (index: number) => this.#rows.row(order.at(index) ?? -1).user;
    const first = firstIndex(order.length, (index) => userAt(index).id > id);
    return ascending(order, first, limit).map((slot) => this.#rows.row(slot).user);
  }

  #ordersOf(user: UserRecord): UserOrders {
    return user.deletedAt === null ? this.#present : this.#deleted;
  }

  /** Judged in the order of the slots, where memory is read in its own order, and only then put in the list's. */
  #filtered(filter: UserQuery["filter"], by: UserQuery["sort"]["by"], now: string): Ordered {
    const order = (filter.deleted ? this.#deleted : this.#present).by(by).slots();
    const tests = testsOf(filter, this.#views, this.#kinds, now);
    if (tests.length === 0 && !filter.text) return order;
    const marks = new Uint8Array(this.#rows.length);
    if (filter.text) this.#text.mark(filter.text, marks);
    else marks.fill(1);
    for (const test of tests) this.#rows.unmark(marks, test);
    return order.marked(marks);
  }

  #indexIn(order: Ordered, id: string): number | null {
    const slot = this.#rows.slotOf(id);
    if (slot === undefined) return null;
    const index = order.indexOf(slot);
    return order.at(index) === slot ? index : null;
  }
}
