import type { Collection, Records } from "../records.ts";
import { type Change, type Indexing, indexing, type View, type Views } from "./collections.ts";
import type { Identified } from "./rows.ts";

const none: readonly string[] = [];

/** What is looked up otherwise than below. */
class Moves {
  /** The ids of records by the keys that they have here and not below. */
  readonly keys = new Map<string, string>();
  /** The ids of records by the groups that they are in here and not below. */
  readonly joined = new Map<string, Set<string>>();
  /** How many members each group has more than below. */
  readonly growth = new Map<string, number>();
}

/** Changes to one collection over a view that stays as it is. Most of them keep a record's key and groups. */
class Layer<R extends Identified> implements View<R> {
  readonly #below: () => View<R>;
  readonly #indexing: Indexing<R>;
  /** Null: deleted here. */
  readonly #changed = new Map<string, R | null>();
  /** Null until one has another key or group than below. */
  #moves: Moves | null = null;
  #sizeGrowth = 0;

  /** `below` is asked each time: what stood there may have become durable, and stand in the tables now. */
  constructor(below: () => View<R>, indexing: Indexing<R>) {
    this.#below = below;
    this.#indexing = indexing;
  }

  get size(): number {
    return this.#below().size + this.#sizeGrowth;
  }

  get(id: string): R | undefined {
    const here = this.#changed.get(id);
    return here === undefined ? this.#below().get(id) : (here ?? undefined);
  }

  byKey(key: string): R | undefined {
    const here = this.#moves?.keys.get(key);
    if (here !== undefined) return this.get(here);
    const below = this.#below().byKey(key);
    const now = below && this.get(below.id);
    return now && this.#indexing.key?.(now) === key ? now : undefined;
  }

  group(name: string): R[] {
    const found: R[] = [];
    for (const below of this.#below().group(name)) {
      const now = this.get(below.id);
      if (now && (now === below || this.#groupsOf(now).includes(name))) found.push(now);
    }
    for (const id of this.#moves?.joined.get(name) ?? none) {
      const now = this.get(id);
      if (now) found.push(now);
    }
    return found;
  }

  groupSize(name: string): number {
    return this.#below().groupSize(name) + (this.#moves?.growth.get(name) ?? 0);
  }

  all(): R[] {
    const below = this.#below()
      .all()
      .filter((record) => !this.#changed.has(record.id));
    return [...below, ...[...this.#changed.values()].filter((record) => record !== null)];
  }

  put(record: R): void {
    const before = this.get(record.id);
    this.#changed.set(record.id, record);
    if (!before) this.#sizeGrowth += 1;
    this.#move(record.id, before, record);
  }

  delete(id: string): void {
    const before = this.get(id);
    this.#changed.set(id, null);
    if (before) this.#sizeGrowth -= 1;
    this.#move(id, before, undefined);
  }

  #move(id: string, before: R | undefined, after: R | undefined): void {
    const { key } = this.#indexing;
    if (key) this.#moveKey(id, before && key(before), after && key(after));
    const [from, to] = [this.#groupsOf(before), this.#groupsOf(after)];
    if (from === to) return;
    for (const name of from) if (!to.includes(name)) this.#leave(name, id);
    for (const name of to) if (!from.includes(name)) this.#join(name, id);
  }

  #moveKey(id: string, from: string | undefined, to: string | undefined): void {
    if (from === to) return;
    // Two records may swap their keys within one transaction: only what is still this record's is taken away.
    const { keys } = this.#moved();
    if (from !== undefined && keys.get(from) === id) keys.delete(from);
    if (to !== undefined) keys.set(to, id);
  }

  #leave(name: string, id: string): void {
    this.#grow(name, -1);
    this.#moved().joined.get(name)?.delete(id);
  }

  #join(name: string, id: string): void {
    this.#grow(name, 1);
    if (this.#groupsOf(this.#below().get(id)).includes(name)) return;
    const { joined } = this.#moved();
    const members = joined.get(name);
    if (members) members.add(id);
    else joined.set(name, new Set([id]));
  }

  #grow(name: string, by: number): void {
    const { growth } = this.#moved();
    growth.set(name, (growth.get(name) ?? 0) + by);
  }

  #moved(): Moves {
    this.#moves ??= new Moves();
    return this.#moves;
  }

  #groupsOf(record: R | undefined): readonly string[] {
    return (record && this.#indexing.groups?.(record)) ?? none;
  }
}

/**
 * Changes that are not durable yet, over the views below them: a transaction's own, or those of a group that waits
 * for its sync. Dropping the object drops the changes.
 */
export class Overlay implements Views {
  readonly changes: Change[] = [];
  readonly #layers: { [C in Collection]?: Layer<Records[C]> } = {};
  #below: Views;

  constructor(below: Views) {
    this.#below = below;
  }

  view<C extends Collection>(collection: C): View<Records[C]> {
    return this.#layers[collection] ?? this.#below.view(collection);
  }

  apply<C extends Collection>(change: Change<C>): void {
    const [verb, collection, what] = change;
    if (verb === "put") this.#layer(collection).put(what);
    else this.#layer(collection).delete(what);
    this.changes.push(change);
  }

  /** Stands on other views from now on, which must show the same records as those before. */
  rebase(below: Views): void {
    this.#below = below;
  }

  #layer<C extends Collection>(collection: C): Layer<Records[C]> {
    const present: Layer<Records[C]> | undefined = this.#layers[collection];
    if (present) return present;
    const layer = new Layer<Records[C]>(() => this.#below.view(collection), indexing[collection]);
    const layers: { [K in C]?: Layer<Records[K]> } = this.#layers;
    layers[collection] = layer;
    return layer;
  }
}
