/** The rows of a long list that are read: those from `offset` on. */
export class LoadedRows<Item extends { readonly id: string }> {
  readonly offset: number;
  readonly items: readonly Item[];

  constructor(offset = 0, items: readonly Item[] = []) {
    this.offset = offset;
    this.items = items;
  }

  /** The row in that place of the whole list, if it is read. */
  at(index: number): Item | undefined {
    return this.items[index - this.offset];
  }

  /** The place of a row in the whole list, if it is read. */
  indexOf(id: string): number | undefined {
    const index = this.items.findIndex((item) => item.id === id);
    return index === -1 ? undefined : this.offset + index;
  }

  /** Those of the rows from `first` to `last` that are read. */
  between(first: number, last: number): readonly Item[] {
    return this.items.slice(Math.max(0, first - this.offset), Math.max(0, last - this.offset + 1));
  }

  holds(first: number, last: number): boolean {
    return first >= this.offset && last < this.offset + this.items.length;
  }

  /** The same rows, one of them as it is now. */
  with(changed: Item): LoadedRows<Item> {
    const items = this.items.map((item) => (item.id === changed.id ? changed : item));
    return new LoadedRows(this.offset, items);
  }
}
