import type { Collection, Records } from "../records.ts";
import { type Change, type Indexing, indexing, type View, type Views } from "./collections.ts";
import type { Identified } from "./rows.ts";

const none: readonly string[] = [];

/** One durable collection in memory with its indexes. */
export class Table<R extends Identified> implements View<R> {
  readonly #indexing: Indexing<R>;
  readonly #records = new Map<string, R>();
  readonly #keys = new Map<string, string>();
  readonly #groups = new Map<string, Set<string>>();

  constructor(indexing: Indexing<R>) {
    this.#indexing = indexing;
  }

  get size(): number {
    return this.#records.size;
  }

  get(id: string): R | undefined {
    return this.#records.get(id);
  }

  byKey(key: string): R | undefined {
    const id = this.#keys.get(key);
    return id === undefined ? undefined : this.#records.get(id);
  }

  group(name: string): R[] {
    const ids = this.#groups.get(name);
    if (!ids) return [];
    const found: R[] = [];
    for (const id of ids) {
      const record = this.#records.get(id);
      if (record) found.push(record);
    }
    return found;
  }

  groupSize(name: string): number {
    return this.#groups.get(name)?.size ?? 0;
  }

  all(): R[] {
    return [...this.#records.values()];
  }

  /** In the order in which they were first put. */
  values(): IterableIterator<R> {
    return this.#records.values();
  }

  put(record: R): void {
    const before = this.#records.get(record.id);
    this.#records.set(record.id, record);
    this.#moveKey(record.id, before, record);
    this.#moveGroups(record.id, before, record);
  }

  delete(id: string): void {
    const before = this.#records.get(id);
    if (!before) return;
    this.#records.delete(id);
    this.#moveKey(id, before, undefined);
    this.#moveGroups(id, before, undefined);
  }

  #moveKey(id: string, before: R | undefined, after: R | undefined): void {
    const { key } = this.#indexing;
    if (!key) return;
    const [from, to] = [before && key(before), after && key(after)];
    if (from === to) return;
    // Two records may swap their keys within one transaction: only what is still this record's is taken away.
    if (from !== undefined && this.#keys.get(from) === id) this.#keys.delete(from);
    if (to !== undefined) this.#keys.set(to, id);
  }

  #moveGroups(id: string, before: R | undefined, after: R | undefined): void {
    const { groups } = this.#indexing;
    if (!groups) return;
    const from = before ? groups(before) : none;
    const to = after ? groups(after) : none;
    if (from === to) return;
    for (const name of from) if (!to.includes(name)) this.#leave(name, id);
    for (const name of to) if (!from.includes(name)) this.#join(name, id);
  }

  #join(name: string, id: string): void {
    const members = this.#groups.get(name);
    if (members) members.add(id);
    else this.#groups.set(name, new Set([id]));
  }

  #leave(name: string, id: string): void {
    const members = this.#groups.get(name);
    members?.delete(id);
    if (members?.size === 0) this.#groups.delete(name);
  }
}

/** All durable collections. */
export class Tables implements Views {
  readonly #tables: { readonly [C in Collection]: Table<Records[C]> } = {
    users: new Table(indexing.users),
    roles: new Table(indexing.roles),
    keys: new Table(indexing.keys),
    sessions: new Table(indexing.sessions),
    settings: new Table(indexing.settings),
    presence: new Table(indexing.presence),
    lockouts: new Table(indexing.lockouts),
    usage: new Table(indexing.usage),
  };

  view<C extends Collection>(collection: C): Table<Records[C]> {
    return this.#tables[collection];
  }

  apply<C extends Collection>(change: Change<C>): void {
    const [verb, collection, what] = change;
    if (verb === "put") this.#tables[collection].put(what);
    else this.#tables[collection].delete(what);
  }
}
