import type { LockoutRecord, UserRecord } from "../records.ts";
import type { UserQuery, Window } from "../store.ts";
import type { View } from "./collections.ts";
import { matcher } from "./user-filter.ts";
import {
  ascending,
  descending,
  descendingIndex,
  type Ordered,
  type Row,
  rowOf,
  UserOrders,
} from "./user-orders.ts";

/** Lists of users: kept sorted, so that a page costs its own length and a filter one look at each user. */
export class UserLists {
  readonly #rows: Map<string, Row>;
  readonly #present: UserOrders;
  readonly #deleted: UserOrders;
  readonly #lockouts: View<LockoutRecord>;

  constructor(users: readonly UserRecord[], lockouts: View<LockoutRecord>) {
    const rows = users.map(rowOf);
    this.#rows = new Map(rows.map((row) => [row.user.id, row]));
    this.#present = new UserOrders(rows.filter(({ user }) => user.deletedAt === null));
    this.#deleted = new UserOrders(rows.filter(({ user }) => user.deletedAt !== null));
    this.#lockouts = lockouts;
  }

  put(user: UserRecord): void {
    const row = this.#rows.get(user.id);
    if (row && this.#ordersOf(row.user) === this.#ordersOf(user)) {
      this.#ordersOf(user).change(row, rowOf(user));
      return;
    }
    this.delete(user.id);
    const fresh = rowOf(user);
    this.#rows.set(user.id, fresh);
    this.#ordersOf(user).add(fresh);
  }

  delete(id: string): void {
    const row = this.#rows.get(id);
    if (!row) return;
    this.#rows.delete(id);
    this.#ordersOf(row.user).remove(row);
  }

  query({ filter, sort, offset, limit, around, now }: UserQuery): Window<UserRecord> {
    const orders = filter.deleted ? this.#deleted : this.#present;
    const order = orders.by(sort.by);
    const matches = matcher(filter, this.#lockouts, now);
    const rows: Ordered = matches ? order.filter(matches) : order;
    const backwards = sort.order === "desc";
    const begin = around === undefined ? offset : (this.#pageOf(around, rows, sort, limit) ?? offset);
    const window = backwards ? descending(rows, sort.by, begin, limit) : ascending(rows, begin, limit);
    return { items: window.map(({ user }) => user), total: rows.length, offset: begin };
  }

  #ordersOf(user: UserRecord): UserOrders {
    return user.deletedAt === null ? this.#present : this.#deleted;
  }

  /** The offset of the page that holds this user; undefined where it is not among the rows. */
  #pageOf(id: string, rows: Ordered, sort: UserQuery["sort"], limit: number): number | undefined {
    const row = this.#rows.get(id);
    if (!row) return undefined;
    const index = rows.indexOf(row);
    if (rows.at(index) !== row) return undefined;
    const position = sort.order === "desc" ? descendingIndex(rows, sort.by, index) : index;
    return position - (position % limit);
  }
}
