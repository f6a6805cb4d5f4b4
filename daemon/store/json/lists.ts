import type { Collection, KeyRecord, SessionRecord, UsageRecord, UserRecord } from "../records.ts";
import type { Change } from "./collections.ts";
import type { IdleWork, Work } from "./idle-work.ts";
import { OwnedLists, type Surroundings } from "./owned-lists.ts";
import type { Tables } from "./table.ts";
import { UserLists } from "./user-lists.ts";

/** A start has more urgent things to do for so long. */
const START_MS = 1000;

/** The lists of one collection. */
interface Kept {
  put(record: never): void;
  delete(id: string): void;
  /** What the first list needs. */
  firstWork(): Work[];
  /** What lists with a text need besides, so as not to look at each record. */
  readonly textWork: Work;
  /** What lists in other orders need besides. */
  ordersWork(): Work[];
}

/**
 * The lists over the durable tables. What the first list of each kind needs is made soon after the start, what others of
 * its kind need after the first one: mostly in idle moments, else at once by the first list that needs it.
 */
export class Lists {
  readonly keySurroundings: Surroundings<KeyRecord>;
  readonly sessionSurroundings: Surroundings<SessionRecord>;
  readonly #tables: Tables;
  readonly #users: UserLists;
  readonly #keys: OwnedLists<KeyRecord>;
  readonly #sessions: OwnedLists<SessionRecord>;
  readonly #idleWork: IdleWork;
  readonly #asked = new Set<Kept>();

  constructor(tables: Tables, usageOf: (id: string) => UsageRecord | undefined, idleWork: IdleWork) {
    const usernameOf = (userId: string) => tables.view("users").get(userId)?.username ?? "";
    this.#tables = tables;
    this.#idleWork = idleWork;
    this.keySurroundings = { usernameOf, usageOf, textsOf: ({ name, hint }) => [name, hint] };
    this.sessionSurroundings = { usernameOf, usageOf, textsOf: ({ client, address }) => [client, address] };
    this.#users = new UserLists(tables.view("users").values(), tables);
    this.#keys = new OwnedLists(tables.view("keys").values(), this.keySurroundings);
    this.#sessions = new OwnedLists(tables.view("sessions").values(), this.sessionSurroundings);
  }

  get users(): UserLists {
    return this.#ask(this.#users);
  }

  get keys(): OwnedLists<KeyRecord> {
    return this.#ask(this.#keys);
  }

  get sessions(): OwnedLists<SessionRecord> {
    return this.#ask(this.#sessions);
  }

  /** To be called once the tables are filled. */
  prepare(): void {
    const works = [this.#users, this.#keys, this.#sessions].flatMap((lists) => lists.firstWork());
    this.#idleWork.add(works, { soon: true, delayMs: START_MS });
  }

  /** To be told every change once the tables have it. */
  keep([verb, collection, what]: Change): void {
    const lists = this.#of(collection);
    if (verb === "delete") lists?.delete(what);
    else lists?.put(what as never);
    const id = verb === "delete" ? what : what.id;
    if (collection === "presence") this.#users.said(id);
    if (collection === "users") this.#rename(id, verb === "delete" ? "" : (what as UserRecord).username);
  }

  /** To be told every use. */
  used(usage: UsageRecord): void {
    this.#keys.used(usage);
    this.#sessions.used(usage);
  }

  /** Who asks for one list is likely to ask for others of its kind. */
  #ask<L extends Kept>(lists: L): L {
    if (this.#asked.has(lists)) return lists;
    this.#asked.add(lists);
    this.#idleWork.add([lists.textWork], { soon: true });
    this.#idleWork.add(lists.ordersWork());
    return lists;
  }

  #of(collection: Collection): Kept | null {
    if (collection === "users") return this.#users;
    if (collection === "keys") return this.#keys;
    return collection === "sessions" ? this.#sessions : null;
  }

  /** What somebody owns is found by the owner's username. */
  #rename(userId: string, username: string): void {
    this.#keys.renamed(this.#tables.view("keys").group(userId), username);
    this.#sessions.renamed(this.#tables.view("sessions").group(userId), username);
  }
}
