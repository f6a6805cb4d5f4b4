import { asError } from "./as-error.ts";
import { createCoalescer } from "./coalesce.ts";
import { moveTable, type TableMove, type TableState } from "./components/table-state.ts";
import { LoadedRows } from "./loaded-rows.ts";
import { Marks } from "./marks.ts";
import { Watched } from "./watched.ts";

/** Read at a time, so that scrolling seldom waits. */
const SCREENFULS = 5;
/** The daemon's limit for a page. */
const LARGEST_STRETCH = 500;

/** Which rows to read; `around` is the id of a row that should be among them, wherever it is now. */
export interface Stretch {
  readonly offset: number;
  readonly limit: number;
  readonly around?: string;
}

/** Rows as they were read, the first of them row `offset` of `total`. */
export interface Page<Item> {
  readonly offset: number;
  readonly items: readonly Item[];
  readonly total: number;
}

export type ReadStretch<Item, Query> = (query: Query, stretch: Stretch) => Promise<Page<Item>>;

/** What is to be drawn of a list of any length. */
export interface ListView<Item> extends TableState {
  /** Null before the first answer. */
  readonly total: number | null;
  /** The rows are those of an earlier question: they are only to be looked at. */
  readonly outdated: boolean;
  /** The rows in view; undefined where one is not read yet. */
  readonly rows: readonly (Item | undefined)[];
  readonly current: Item | undefined;
  readonly marked: ReadonlyMap<string, Item>;
  /** The rows that are being marked; null while none are. */
  readonly range: { readonly first: number; readonly last: number } | null;
  /** Why the last reading failed; null when it did not. */
  readonly error: Error | null;
}

/**
 * A list of which only the stretch around the view is read. When the list changes elsewhere the selected row stays
 * selected, on the same line of the screen, wherever in the list it is now.
 */
export class RemoteList<Item extends { readonly id: string }, Query> extends Watched<ListView<Item>> {
  readonly #readStretch: ReadStretch<Item, Query>;
  readonly #marks = new Marks<Item>();
  readonly #reader = createCoalescer(() => this.#readAgain());
  /** Null until something is asked for. */
  #query: Query | null = null;
  /** What the rows answer. */
  #answered: Query | null = null;
  #height = 1;
  #place: TableState = { selected: 0, offset: 0 };
  #total: number | null = null;
  #loaded = new LoadedRows<Item>();
  #error: Error | null = null;
  /** Whether the next reading follows the selected row rather than the place. */
  #follow = false;
  /** The id of a row that is to be selected with the next reading. */
  #wanted: string | null = null;

  constructor(read: ReadStretch<Item, Query>) {
    super();
    this.#readStretch = read;
  }

  /** Asks another question: from its first row on. */
  ask(query: Query): void {
    if (JSON.stringify(query) === JSON.stringify(this.#query)) return;
    const isFirst = this.#query === null;
    this.#query = query;
    this.#place = { selected: 0, offset: 0 };
    this.#follow = false;
    this.publish();
    // The first one is read with what else is known of the list by then.
    if (isFirst) this.#reader.request();
    else this.#reader.now();
  }

  /** The rows that are shown at once. */
  resize(height: number): void {
    this.#height = height;
    this.#move({ to: this.#place.selected });
  }

  move(move: TableMove): void {
    this.#move(move);
  }

  /** Something changed: reads soon, and keeps the selected row. */
  changed(): void {
    this.#follow = true;
    this.#reader.request();
  }

  refresh(): void {
    this.#follow = true;
    this.#reader.now();
  }

  /** Goes to a row wherever it is, once it has been read; where the list has it not the selected row stays. */
  select(id: string): void {
    this.#wanted = id;
    this.#reader.now();
  }

  /** Shows a row as it is now, before the list is read again. */
  put(changed: Item): void {
    this.#loaded = this.#loaded.with(changed);
    this.#marks.see([changed], (id) => this.#loaded.indexOf(id));
    this.publish();
  }

  /** Marks the selected row, or takes its mark away, and goes on to the next one. */
  mark(): void {
    const current = this.#current();
    if (!current) return;
    this.#marks.toggle(current);
    this.#move("down");
  }

  /** From the selected row on moving marks; the next call marks all rows between there and here, and ends it. */
  async markRange(): Promise<void> {
    const current = this.#current();
    const range = this.#marks.rangeTo(this.#place.selected);
    if (!range) {
      if (current) this.#marks.beginRange(current, this.#place.selected);
      this.publish();
      return;
    }
    try {
      this.#marks.add(await this.#between(range.first, range.last));
      this.#marks.endRange();
    } catch (failure) {
      this.#error = asError(failure);
    }
    this.publish();
  }

  /** Takes back the range that is being marked, or else all marks; says whether there was any of it. */
  unmark(): boolean {
    if (this.#marks.rangeTo(0)) this.#marks.endRange();
    else if (this.#marks.items.size > 0) this.#marks.keep([]);
    else return false;
    this.publish();
    return true;
  }

  /** All marked rows and those in the range that is being marked, else the selected one; none while the range is not all read. */
  targets(): readonly Item[] {
    const range = this.#marks.rangeTo(this.#place.selected);
    const ranged = range ? this.#loaded.between(range.first, range.last) : [];
    if (range && ranged.length <= range.last - range.first) return [];
    const targets = new Map([...this.#marks.items, ...ranged.map((item) => [item.id, item] as const)]);
    const current = this.#current();
    return targets.size > 0 ? [...targets.values()] : current ? [current] : [];
  }

  /** Only these stay marked. */
  keepMarked(items: readonly Item[]): void {
    this.#marks.keep(items);
    this.#marks.endRange();
    this.publish();
  }

  stop(): void {
    this.#reader.stop();
  }

  #move(move: TableMove): void {
    this.#place = moveTable(this.#place, move, { total: this.#total ?? 0, height: this.#height });
    this.publish();
    if (this.#total !== null && this.#leadsOutOfTheStretch()) this.#reader.now();
  }

  /** Whether the view, with a screenful to spare above and below, is not all read. */
  #leadsOutOfTheStretch(): boolean {
    const first = Math.max(0, this.#place.offset - this.#height);
    const end = Math.min(this.#total ?? 0, this.#place.offset + 2 * this.#height);
    return !this.#loaded.holds(first, end - 1);
  }

  async #readAgain(): Promise<void> {
    const query = this.#query;
    if (query === null) return;
    const anchor = this.#follow ? this.#loaded.at(this.#place.selected) : undefined;
    const wanted = this.#wanted;
    this.#follow = false;
    this.#wanted = null;
    const limit = Math.min(LARGEST_STRETCH, SCREENFULS * this.#height);
    const offset = Math.max(0, this.#place.offset - Math.floor((limit - this.#height) / 2));
    try {
      const around = wanted ?? anchor?.id;
      const answer = await this.#readStretch(query, { offset, limit, ...(around && { around }) });
      if (query !== this.#query) return;
      this.#answered = query;
      this.#take(answer, anchor);
      if (wanted !== null) this.#goTo(wanted);
      this.#error = null;
    } catch (failure) {
      this.#error = asError(failure);
    }
    this.publish();
    if ((anchor || wanted) && this.#error === null && this.#leadsOutOfTheStretch()) this.#reader.now();
  }

  #take({ items, offset, total }: Page<Item>, anchor: Item | undefined): void {
    const before = anchor && this.#loaded.indexOf(anchor.id);
    this.#total = total;
    this.#loaded = new LoadedRows(offset, items);
    this.#marks.see(items, (id) => this.#loaded.indexOf(id));
    const after = anchor && this.#loaded.indexOf(anchor.id);
    const shift = before === undefined || after === undefined ? 0 : after - before;
    const { selected, offset: top } = this.#place;
    const moved = { selected: selected + shift, offset: Math.max(0, top + shift) };
    this.#place = moveTable(moved, { to: moved.selected }, { total, height: this.#height });
  }

  #goTo(id: string): void {
    const to = this.#loaded.indexOf(id);
    if (to === undefined) return;
    this.#place = moveTable(this.#place, { to }, { total: this.#total ?? 0, height: this.#height });
  }

  /** The selected row; none while the rows are those of an earlier question, since nobody means those. */
  #current(): Item | undefined {
    return this.#answered === this.#query ? this.#loaded.at(this.#place.selected) : undefined;
  }

  /** The rows from `first` to `last`, read where they are not known. */
  async #between(first: number, last: number): Promise<readonly Item[]> {
    const known = this.#loaded.between(first, last);
    if (known.length === last - first + 1) return known;
    const found: Item[] = [];
    for (let at = first; this.#query !== null && at <= last; at += LARGEST_STRETCH) {
      const limit = Math.min(LARGEST_STRETCH, last - at + 1);
      found.push(...(await this.#readStretch(this.#query, { offset: at, limit })).items);
    }
    return found;
  }

  protected draw(): ListView<Item> {
    const shown = Math.min(this.#height, Math.max(0, (this.#total ?? 0) - this.#place.offset));
    return {
      ...this.#place,
      total: this.#total,
      rows: Array.from({ length: shown }, (_, row) => this.#loaded.at(this.#place.offset + row)),
      outdated: this.#answered !== this.#query,
      current: this.#current(),
      marked: this.#marks.items,
      range: this.#marks.rangeTo(this.#place.selected),
      error: this.#error,
    };
  }
}
