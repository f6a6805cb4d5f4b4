import type { KeyRecord, SessionRecord, UsageRecord, UserRecord } from "../records.ts";
import type { KeyQuery, SessionQuery, UserQuery, UserScan, Window } from "../store.ts";
import type { Change, View } from "./collections.ts";
import { ViewReader } from "./reader.ts";
import type { Tables } from "./table.ts";
import type { UsageCounters } from "./usage.ts";
import { UserLists } from "./user-lists.ts";

/** What key and session queries have in common. */
interface MatchQuery<R> {
  userId?: string;
  matches: (record: R, usage: UsageRecord | undefined) => boolean;
  offset: number;
  limit: number;
}

/** The look-ups and lists of a `Store` over the durable tables. */
export class TableQueries extends ViewReader {
  readonly #tables: Tables;
  /** Made when a list is first asked for, and kept from then on. */
  #lists: UserLists | null = null;

  constructor(tables: Tables, usage: UsageCounters) {
    super(tables, usage);
    this.#tables = tables;
  }

  async queryUsers(query: UserQuery): Promise<Window<UserRecord>> {
    return this.#userLists().query(query);
  }

  async usersAfter(id: string, limit: number): Promise<UserRecord[]> {
    return this.#userLists().after(id, limit);
  }

  async scanUsers({ matches, limit }: UserScan): Promise<UserRecord[]> {
    const found: UserRecord[] = [];
    for (const user of this.#tables.view("users").values()) {
      if (!matches(user)) continue;
      found.push(user);
      if (found.length === limit) break;
    }
    return found;
  }

  /** Oldest first. */
  async queryKeys(query: KeyQuery): Promise<Window<KeyRecord>> {
    return this.#matching(this.#tables.view("keys"), query);
  }

  /** Oldest first. */
  async querySessions(query: SessionQuery): Promise<Window<SessionRecord>> {
    return this.#matching(this.#tables.view("sessions"), query);
  }

  /** Keeps the lists as the tables are: to be told every change once the tables have it. */
  protected keepLists([verb, collection, what]: Change): void {
    if (collection !== "users") return;
    if (verb === "put") this.#lists?.put(what as UserRecord);
    else this.#lists?.delete(what);
  }

  #userLists(): UserLists {
    this.#lists ??= new UserLists(this.#tables.view("users").values(), this.#tables.view("lockouts"));
    return this.#lists;
  }

  #matching<R extends { id: string }>(view: View<R>, query: MatchQuery<R>): Window<R> {
    const { userId, matches, offset, limit } = query;
    const found = (userId === undefined ? view.all() : view.group(userId)).filter((record) =>
      matches(record, this.usageOf(record.id)),
    );
    return { items: found.slice(offset, offset + limit), total: found.length, offset };
  }
}
