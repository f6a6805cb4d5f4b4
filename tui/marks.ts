/** Rows that a person marked, by id and as they were read last, and the range that is being marked. */
export class Marks<Item extends { readonly id: string }> {
  #items: ReadonlyMap<string, Item> = new Map();
  #anchor: { readonly id: string; index: number } | null = null;

  /** A new map after every change. */
  get items(): ReadonlyMap<string, Item> {
    return this.#items;
  }

  /** The first and the last row between where the range began and `at`; null while there is no range. */
  rangeTo(at: number): { first: number; last: number } | null {
    if (!this.#anchor) return null;
    const { index } = this.#anchor;
    return { first: Math.min(index, at), last: Math.max(index, at) };
  }

  toggle(item: Item): void {
    const items = new Map(this.#items);
    if (!items.delete(item.id)) items.set(item.id, item);
    this.#items = items;
  }

  add(added: readonly Item[]): void {
    this.#items = new Map([...this.#items, ...added.map((item) => [item.id, item] as const)]);
  }

  /** Only these stay marked. */
  keep(kept: readonly Item[]): void {
    this.#items = new Map(kept.map((item) => [item.id, item]));
  }

  beginRange({ id }: Item, index: number): void {
    this.#anchor = { id, index };
  }

  endRange(): void {
    this.#anchor = null;
  }

  /** Rows were read: marked ones are known as they are now, and the range begins where its first row is now. */
  see(items: readonly Item[], indexOf: (id: string) => number | undefined): void {
    const news = items.filter(({ id }) => this.#items.has(id));
    if (news.length > 0) this.add(news);
    if (this.#anchor) this.#anchor.index = indexOf(this.#anchor.id) ?? this.#anchor.index;
  }
}
