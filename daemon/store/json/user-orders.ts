import type { UserSort } from "../../../protocol/index.ts";
import type { UserRecord } from "../records.ts";
import { firstIndex, SortedBlocks } from "./sorted-blocks.ts";

/** A user as lists need it. */
export interface Row {
  user: UserRecord;
  /** Username and full name, lower-cased, one a line: what a text filter searches. */
  text: string;
  /** The full name to sort by: without regard to case, by UTF-16 code unit. */
  fullName: string;
}

type SortKey = UserSort["by"];

const sortText: { readonly [K in SortKey]: (row: Row) => string } = {
  username: ({ user }) => user.username,
  fullName: ({ fullName }) => fullName,
  createdAt: ({ user }) => user.createdAt,
  updatedAt: ({ user }) => user.updatedAt,
  /** Who never logged in comes first. */
  lastLoginAt: ({ user }) => user.lastLoginAt ?? "",
};

export const sortKeys = Object.keys(sortText) as SortKey[];

/** A text as it is searched and sorted: canonically composed and lower-cased. */
export function foldCase(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

export function rowOf(user: UserRecord): Row {
  const fullName = foldCase(user.fullName);
  return { user, fullName, text: `${user.username}\n${fullName}` };
}

/** Rows in one order, and how to read it backwards. */
export interface Ordered {
  readonly length: number;
  at(index: number): Row | undefined;
  /** Of a row that may be among them; any index that holds another row otherwise. */
  indexOf(row: Row): number;
}

/** Some users, kept in every order that lists can be asked for; ties by username. */
export class UserOrders {
  readonly #orders: { readonly [K in SortKey]: SortedBlocks<Row> };

  constructor(rows: readonly Row[]) {
    this.#orders = {
      username: new SortedBlocks(rows, comparing("username")),
      fullName: new SortedBlocks(rows, comparing("fullName")),
      createdAt: new SortedBlocks(rows, comparing("createdAt")),
      updatedAt: new SortedBlocks(rows, comparing("updatedAt")),
      lastLoginAt: new SortedBlocks(rows, comparing("lastLoginAt")),
    };
  }

  by(key: SortKey): SortedBlocks<Row> {
    return this.#orders[key];
  }

  add(row: Row): void {
    for (const key of sortKeys) this.#orders[key].add(row);
  }

  remove(row: Row): void {
    for (const key of sortKeys) this.#orders[key].remove(row);
  }

  /** Makes `row` show `next`; only the orders in which it moves are touched. */
  change(row: Row, next: Row): void {
    const renamed = row.user.username !== next.user.username;
    const moved = sortKeys.filter((key) => renamed || sortText[key](row) !== sortText[key](next));
    for (const key of moved) this.#orders[key].remove(row);
    Object.assign(row, next);
    for (const key of moved) this.#orders[key].add(row);
  }
}

/** Ascending; usernames are unique, so that no two rows are equal. */
function comparing(key: SortKey): (a: Row, b: Row) => number {
  const text = sortText[key];
  return (a, b) => compare(text(a), text(b)) || compare(a.user.username, b.user.username);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A window of ascending rows. */
export function ascending(rows: Ordered, offset: number, limit: number): Row[] {
  const found: Row[] = [];
  const end = Math.min(rows.length, offset + limit);
  for (let index = offset; index < end; index++) {
    const row = rows.at(index);
    if (row) found.push(row);
  }
  return found;
}

/** A window of the rows descending by `key`: the runs of ties are reversed, not what is in them. */
export function descending(rows: Ordered, key: SortKey, offset: number, limit: number): Row[] {
  const found: Row[] = [];
  for (let position = offset; found.length < limit && position < rows.length; ) {
    const { start, end } = tiesAt(rows, key, rows.length - 1 - position);
    const within = position - (rows.length - end);
    const run = ascending(rows, start + within, Math.min(end - start - within, limit - found.length));
    found.push(...run);
    position += run.length;
  }
  return found;
}

/** Where the row at `index` of the ascending rows stands when they are read descending by `key`. */
export function descendingIndex(rows: Ordered, key: SortKey, index: number): number {
  const { start, end } = tiesAt(rows, key, index);
  return rows.length - end + (index - start);
}

/** The run of rows around `index` that tie in `key`. */
function tiesAt(rows: Ordered, key: SortKey, index: number): { start: number; end: number } {
  const textAt = (at: number): string => {
    const row = rows.at(at);
    return row ? sortText[key](row) : "";
  };
  const tie = textAt(index);
  if (key === "username") return { start: index, end: index + 1 };
  const start = firstIndex(index, (at) => textAt(at) === tie);
  const end = index + 1 + firstIndex(rows.length - index - 1, (at) => textAt(index + 1 + at) !== tie);
  return { start, end };
}
