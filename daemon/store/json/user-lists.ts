import type { UserRecord } from "../records.ts";
import type { UserQuery, Window } from "../store.ts";
import type { Views } from "./collections.ts";
import { FilteredOrder, MarkedSlots } from "./filtered-order.ts";
import { finish, type Work } from "./idle-work.ts";
import { ListedEnds } from "./listed-ends.ts";
import { Rows } from "./rows.ts";
import { SlotText } from "./slot-text.ts";
import { firstIndex } from "./sorted-slots.ts";
import { kindTestOf, unmarkingsOf } from "./user-filter.ts";
import { UserKinds } from "./user-kinds.ts";
import { ascending, Descending, type Ordered, UserOrders } from "./user-orders.ts";
import { listedUntil, type Row, rowOf, type UserRows } from "./user-rows.ts";

/**
 * Lists of users: kept sorted and counted by kind, so that a page costs its own length, and with a filter by kind what
 * lies between the page and the nearer end. Other filters cost one look at each user, a text far less.
 */
export class UserLists {
  readonly #rows: UserRows;
  readonly #ends: ListedEnds;
  readonly #kinds: UserKinds;
  readonly #text: SlotText<Row>;
  readonly #present: UserOrders;
  readonly #deleted: UserOrders;
  readonly #views: Views;

  /** `users`: read bit by bit, as `Rows` do. */
  constructor(users: Iterable<UserRecord>, views: Views) {
    this.#rows = new Rows(this.#rowsOf(users));
    this.#ends = new ListedEnds(this.#rows);
    this.#kinds = new UserKinds(this.#rows, (id) => views.view("presence").get(id)?.status ?? null);
    this.#text = new SlotText(this.#rows, ({ username, fullName }) => [username, fullName]);
    this.#present = new UserOrders(this.#rows, ({ user }) => user.deletedAt === null);
    this.#deleted = new UserOrders(this.#rows, ({ user }) => user.deletedAt !== null);
    this.#views = views;
  }

  firstWork(): Work[] {
    return [this.#rows, this.#kinds.work, this.#present.by("username").work];
  }

  get textWork(): Work {
    return this.#text.work;
  }

  ordersWork(): Work[] {
    return [...this.#present.all(), ...this.#deleted.all()].map(({ work }) => work);
  }

  put(user: UserRecord): void {
    const after = this.#rowOf(user);
    const orders = this.#ordersOf(user);
    const slot = this.#rows.slotOf(user.id);
    if (slot === undefined) {
      const fresh = this.#rows.add(after);
      this.#kinds.put(fresh, after);
      this.#text.put(fresh, after);
      orders.add(fresh);
      return;
    }
    this.#kinds.put(slot, after);
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
    this.#kinds.remove(slot);
    this.#rows.remove(slot);
  }

  /** The user's entry on the presence board is new or another one, or gone. */
  said(userId: string): void {
    const slot = this.#rows.slotOf(userId);
    if (slot !== undefined) this.#kinds.put(slot, this.#rows.row(slot));
  }

  query({ filter, sort, offset, limit, around, now }: UserQuery): Window<UserRecord> {
    finish(this.#rows);
    finish(this.#kinds.work);
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

  *#rowsOf(users: Iterable<UserRecord>): Iterable<Row> {
    for (const user of users) yield this.#rowOf(user);
  }

  #rowOf(user: UserRecord): Row {
    this.#ends.put(user);
    return rowOf(user);
  }

  #filtered(filter: UserQuery["filter"], by: UserQuery["sort"]["by"], now: string): Ordered {
    const order = (filter.deleted ? this.#deleted : this.#present).by(by).slots();
    const passing = this.#kinds.passing(kindTestOf(filter));
    const unmarkings = unmarkingsOf(filter, this.#rows, this.#views, now);
    if (filter.listed && this.#ends.haveCome(now)) {
      unmarkings.push((marks) => this.#rows.unmark(marks, ({ user }) => listedUntil(user) > now));
    }
    if (!filter.text && unmarkings.length === 0) {
      return passing.count === order.length ? order : new FilteredOrder(order, passing);
    }
    const marks = new Uint8Array(this.#rows.length);
    if (filter.text) this.#text.mark(filter.text, marks);
    else marks.fill(1);
    passing.unmarkOthers(marks);
    for (const unmark of unmarkings) unmark(marks);
    return new FilteredOrder(order, new MarkedSlots(marks));
  }

  #indexIn(order: Ordered, id: string): number | null {
    const slot = this.#rows.slotOf(id);
    if (slot === undefined) return null;
    const index = order.indexOf(slot);
    return order.at(index) === slot ? index : null;
  }
}
