import type { Collection, KeyRecord, SessionRecord, UsageRecord, UserRecord } from "../records.ts";
import type { Change } from "./collections.ts";
import { OwnedLists, type Surroundings } from "./owned-lists.ts";
import type { Tables } from "./table.ts";
import { UserLists } from "./user-lists.ts";

/** What is kept of one collection. */
interface Kept {
  put(record: never): void;
  delete(id: string): void;
}

/** The lists over the durable tables: each is made when it is first asked for, and kept from then on. */
export class Lists {
  readonly keySurroundings: Surroundings<KeyRecord>;
  readonly sessionSurroundings: Surroundings<SessionRecord>;
  readonly #tables: Tables;
  #users: UserLists | null = null;
  #keys: OwnedLists<KeyRecord> | null = null;
  #sessions: OwnedLists<SessionRecord> | null = null;

  constructor(tables: Tables, usageOf: (id: string) => UsageRecord | undefined) {
    const usernameOf = (userId: string) => tables.view("users").get(userId)?.username ?? "";
    this.#tables = tables;
    this.keySurroundings = { usernameOf, usageOf, textsOf: ({ name, hint }) => [name, hint] };
    this.sessionSurroundings = { usernameOf, usageOf, textsOf: ({ client, address }) => [client, address] };
  }

  get users(): UserLists {
    this.#users ??= new UserLists(this.#tables.view("users").values(), this.#tables);
    return this.#users;
  }

  get keys(): OwnedLists<KeyRecord> {
    this.#keys ??= new OwnedLists(this.#tables.view("keys").values(), this.keySurroundings);
    return this.#keys;
  }

  get sessions(): OwnedLists<SessionRecord> {
    this.#sessions ??= new OwnedLists(this.#tables.view("sessions").values(), this.sessionSurroundings);
    return this.#sessions;
  }

  /** To be told every change once the tables have it. */
  keep([verb, collection, what]: Change): void {
    const kept = this.#kept(collection);
    if (verb === "delete") kept?.delete(what);
    else kept?.put(what as never);
    if (collection !== "users") return;
    if (verb === "delete") this.#rename(what, "");
    else this.#rename((what as UserRecord).id, (what as UserRecord).username);
  }

  /** To be told every use. */
  used(usage: UsageRecord): void {
    this.#keys?.used(usage);
    this.#sessions?.used(usage);
  }

  #kept(collection: Collection): Kept | null {
    if (collection === "users") return this.#users;
    if (collection === "keys") return this.#keys;
    return collection === "sessions" ? this.#sessions : null;
  }

  /** What somebody owns is found by the owner's username. */
  #rename(userId: string, username: string): void {
    if (this.#keys) this.#keys.renamed(this.#tables.view("keys").group(userId), username);
    if (this.#sessions) this.#sessions.renamed(this.#tables.view("sessions").group(userId), username);
  }
}
