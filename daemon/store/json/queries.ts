import type { KeyRecord, SessionRecord, UsageRecord, UserRecord } from "../records.ts";
import type { KeyQuery, Scan, SessionQuery, SessionScan, UserQuery, Window } from "../store.ts";
import type { Change } from "./collections.ts";
import type { IdleWork } from "./idle-work.ts";
import { Lists } from "./lists.ts";
import { queryAmong } from "./owned-lists.ts";
import { ViewReader } from "./reader.ts";
import type { Tables } from "./table.ts";
import type { UsageCounters } from "./usage.ts";

/** The look-ups and lists of a `Store` over the durable tables. */
export class TableQueries extends ViewReader {
  readonly #tables: Tables;
  readonly #lists: Lists;

  constructor(tables: Tables, usage: UsageCounters, idleWork: IdleWork) {
    super(tables, usage);
    this.#tables = tables;
    this.#lists = new Lists(tables, (id) => this.usageOf(id), idleWork);
  }

  async queryUsers(query: UserQuery): Promise<Window<UserRecord>> {
    return this.#lists.users.query(query);
  }

  async usersAfter(id: string, limit: number): Promise<UserRecord[]> {
    return this.#lists.users.after(id, limit);
  }

  async scanUsers(scan: Scan<UserRecord>): Promise<UserRecord[]> {
    return firstOf(this.#tables.view("users").values(), scan);
  }

  /** Oldest first. */
  async queryKeys({ userId, ...query }: KeyQuery): Promise<Window<KeyRecord>> {
    if (userId === undefined) return this.#lists.keys.query(query);
    return queryAmong(this.#tables.view("keys").group(userId), query, this.#lists.keySurroundings);
  }

  async scanKeys(scan: Scan<KeyRecord>): Promise<KeyRecord[]> {
    return firstOf(this.#tables.view("keys").values(), scan);
  }

  /** Oldest first. */
  async querySessions({ userId, ...query }: SessionQuery): Promise<Window<SessionRecord>> {
    if (userId === undefined) return this.#lists.sessions.query(query);
    return queryAmong(this.#tables.view("sessions").group(userId), query, this.#lists.sessionSurroundings);
  }

  async scanSessions({ matches, limit }: SessionScan): Promise<SessionRecord[]> {
    const sessions = this.#tables.view("sessions").values();
    return firstOf(sessions, { matches: (session) => matches(session, this.usageOf(session.id)), limit });
  }

  /** To be called once: makes what lists need beforehand, in idle moments from now on. */
  protected prepareLists(): void {
    this.#lists.prepare();
  }

  /** Keeps the lists as the tables are: to be told every change once the tables have it. */
  protected keepLists(change: Change): void {
    this.#lists.keep(change);
  }

  /** Keeps the lists as the counters are: to be told every use. */
  protected noteUse(usage: UsageRecord): void {
    this.#lists.used(usage);
  }
}

function firstOf<R>(records: Iterable<R>, { matches, limit }: Scan<R>): R[] {
  const found: R[] = [];
  for (const record of records) {
    if (!matches(record)) continue;
    found.push(record);
    if (found.length === limit) break;
  }
  return found;
}
