import type { Params, Result, User, UserFilter, UserSort } from "../protocol/index.ts";
import { asError } from "./as-error.ts";
import { createCoalescer } from "./coalesce.ts";
import { moveTable, type TableMove, type TableState } from "./components/table-state.ts";

/** Users read at a time: at least this many, and some screenfuls, so that scrolling seldom waits. */
const SMALLEST_STRETCH = 200;
const SCREENFULS = 5;
/** The daemon's limit for a page. */
const LARGEST_STRETCH = 500;

export interface UserQuery {
  filter: UserFilter;
  sort: UserSort;
}

/** What is to be drawn of a list of any length. */
export interface UserListView extends TableState {
  /** Null before the first answer. */
  total: number | null;
  /** The rows in view; undefined where one is not read yet. */
  rows: readonly (User | undefined)[];
  current: User | undefined;
  /** Why the last reading failed; null when it did not. */
  error: Error | null;
}

type Read = (params: Params<"users.list">) => Promise<Result<"users.list">>;

/** What was read last: a stretch of the list. */
interface Stretch {
  offset: number;
  items: readonly User[];
}

/**
 * A list of users of which only the stretch around the view is read. When the list changes elsewhere the selected user
 * stays selected, on the same line of the screen, wherever in the list it is now.
 */
export class UserList {
  readonly #read: Read;
  readonly #watchers = new Set<() => void>();
  readonly #reader = createCoalescer(() => this.#readAgain());
  #query: UserQuery = { filter: {}, sort: { by: "username", order: "asc" } };
  #height = 1;
  #place: TableState = { selected: 0, offset: 0 };
  #total: number | null = null;
  #stretch: Stretch = { offset: 0, items: [] };
  #error: Error | null = null;
  /** Whether the next reading follows the selected user rather than the place. */
  #follow = false;
  #view: UserListView;

  constructor(read: Read) {
    this.#read = read;
    this.#view = this.#draw();
  }

  get view(): UserListView {
    return this.#view;
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Asks another question: from its first row on. */
  ask(query: UserQuery): void {
    if (JSON.stringify(query) === JSON.stringify(this.#query)) return;
    this.#query = query;
    this.#place = { selected: 0, offset: 0 };
    this.#follow = false;
    this.#reader.request();
  }

  /** The rows that are shown at once. */
  resize(height: number): void {
    this.#height = height;
    this.#move({ to: this.#place.selected });
  }

  move(move: TableMove): void {
    this.#move(move);
  }

  /** Something changed: reads soon, and keeps the selected user. */
  changed(): void {
    this.#follow = true;
    this.#reader.request();
  }

  refresh(): void {
    this.#follow = true;
    this.#reader.now();
  }

  /** Shows a user as it is now, before the list is read again. */
  put(user: User): void {
    const items = this.#stretch.items.map((item) => (item.id === user.id ? user : item));
    this.#stretch = { ...this.#stretch, items };
    this.#publish();
  }

  stop(): void {
    this.#reader.stop();
  }

  #move(move: TableMove): void {
    this.#place = moveTable(this.#place, move, { total: this.#total ?? 0, height: this.#height });
    this.#publish();
    if (this.#total !== null && this.#leadsOutOfTheStretch()) this.#reader.now();
  }

  /** Whether the view, with a screenful to spare above and below, is not all read. */
  #leadsOutOfTheStretch(): boolean {
    const { offset, items } = this.#stretch;
    const first = Math.max(0, this.#place.offset - this.#height);
    const last = Math.min(this.#total ?? 0, this.#place.offset + 2 * this.#height);
    return first < offset || last > offset + items.length;
  }

  async #readAgain(): Promise<void> {
    const query = this.#query;
    const anchor = this.#follow ? this.#at(this.#place.selected) : undefined;
    this.#follow = false;
    const limit = Math.min(LARGEST_STRETCH, Math.max(SMALLEST_STRETCH, SCREENFULS * this.#height));
    const offset = Math.max(0, this.#place.offset - Math.floor((limit - this.#height) / 2));
    try {
      const around = anchor && { around: anchor.id };
      const answer = await this.#read({ ...query, offset, limit, ...around });
      if (query !== this.#query) return;
      this.#take(answer, anchor);
      this.#error = null;
    } catch (failure) {
      this.#error = asError(failure);
    }
    this.#publish();
    if (anchor && this.#error === null && this.#leadsOutOfTheStretch()) this.#reader.now();
  }

  #take({ items, offset, total }: Result<"users.list">, anchor: User | undefined): void {
    const before = anchor && this.#indexOf(anchor.id);
    this.#total = total;
    this.#stretch = { offset, items };
    const after = anchor && this.#indexOf(anchor.id);
    const shift = before === undefined || after === undefined ? 0 : after - before;
    const { selected, offset: top } = this.#place;
    const moved = { selected: selected + shift, offset: Math.max(0, top + shift) };
    this.#place = moveTable(moved, { to: moved.selected }, { total, height: this.#height });
  }

  #at(index: number): User | undefined {
    return this.#stretch.items[index - this.#stretch.offset];
  }

  #indexOf(id: string): number | undefined {
    const index = this.#stretch.items.findIndex((user) => user.id === id);
    return index === -1 ? undefined : this.#stretch.offset + index;
  }

  #draw(): UserListView {
    const shown = Math.min(this.#height, Math.max(0, (this.#total ?? 0) - this.#place.offset));
    return {
      ...this.#place,
      total: this.#total,
      rows: Array.from({ length: shown }, (_, row) => this.#at(this.#place.offset + row)),
      current: this.#at(this.#place.selected),
      error: this.#error,
    };
  }

  #publish(): void {
    this.#view = this.#draw();
    for (const watcher of this.#watchers) watcher();
  }
}
