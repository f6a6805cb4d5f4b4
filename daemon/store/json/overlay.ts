import type { Collection, Records } from "../records.ts";
import { type Change, type Indexing, indexing, type View, type Views } from "./collections.ts";
import type { Identified } from "./rows.ts";

/** Changes to one collection over a view that stays as it is. */
class Layer<R extends Identified> implements View<R> {
  readonly #below: () => View<R>;
  readonly #indexing: Indexing<R>;
  /** Null: deleted here. */
  readonly #changed = new Map<string, R | null>();
  readonly #keys = new Map<string, R>();
  readonly #members = new Map<string, Set<R>>();
  /** How many members each group has more than below. */
  readonly #growth = new Map<string, number>();
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
    return this.#keys.get(key) ?? this.#unchanged(this.#below().byKey(key));
  }

  group(name: string): R[] {
    const below = this.#below()
      .group(name)
      .filter((record) => !this.#changed.has(record.id));
    return [...below, ...(this.#members.get(name) ?? [])];
  }

  groupSize(name: string): number {
    return this.#below().groupSize(name) + (this.#growth.get(name) ?? 0);
  }

  all(): R[] {
    const below = this.#below()
      .all()
      .filter((record) => !this.#changed.has(record.id));
    return [...below, ...[...this.#changed.values()].filter((record) => record !== null)];
  }

  put(record: R): void {
    this.#forget(record.id);
    this.#changed.set(record.id, record);
    this.#sizeGrowth += 1;
    const { key, groups } = this.#indexing;
    if (key) this.#keys.set(key(record), record);
    for (const name of groups?.(record) ?? []) {
      this.#grow(name, 1);
      const members = this.#members.get(name);
      if (members) members.add(record);
      else this.#members.set(name, new Set([record]));
    }
  }

  delete(id: string): void {
    this.#forget(id);
    this.#changed.set(id, null);
  }

  /** Takes the record as it is now out of what this layer knows. */
  #forget(id: string): void {
    const before = this.get(id);
    if (!before) return;
    this.#sizeGrowth -= 1;
    const { key, groups } = this.#indexing;
    if (key && this.#keys.get(key(before)) === before) this.#keys.delete(key(before));
    for (const name of groups?.(before) ?? []) {
      this.#grow(name, -1);
      this.#members.get(name)?.delete(before);
    }
  }

  #grow(name: string, by: number): void {
    this.#growth.set(name, (this.#growth.get(name) ?? 0) + by);
  }

  #unchanged(record: R | undefined): R | undefined {
    return record && this.#changed.has(record.id) ? undefined : record;
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
