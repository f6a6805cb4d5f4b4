import { moveTable, type TableMove, type TableState } from "./components/table-state.ts";

/** What is to be drawn of rows in memory. */
export interface RowsView<Row> extends TableState {
  readonly total: number;
  readonly rows: readonly Row[];
  readonly current: Row | undefined;
}

/**
 * Rows in memory, newest first. When newer ones arrive the selected row stays selected, on its line of the screen;
 * only from the top row on one follows what is new.
 */
export class EntryRows<Row> {
  readonly #most: number;
  #rows: readonly Row[] = [];
  #place: TableState = { selected: 0, offset: 0 };
  #height = 1;

  /** Beyond `most` rows the oldest are forgotten. */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  get all(): readonly Row[] {
    return this.#rows;
  }

  view(): RowsView<Row> {
    const { selected, offset } = this.#place;
    return {
      selected,
      offset,
      total: this.#rows.length,
      rows: this.#rows.slice(offset, offset + this.#height),
      current: this.#rows[selected],
    };
  }

  /** Other rows, from the newest on. */
  replace(rows: readonly Row[]): void {
    this.#rows = rows.slice(0, this.#most);
    this.#place = { selected: 0, offset: 0 };
  }

  addNewer(newer: readonly Row[]): void {
    this.#rows = [...newer, ...this.#rows].slice(0, this.#most);
    const { selected, offset } = this.#place;
    if (selected === 0) return;
    this.#place = { selected: selected + newer.length, offset: offset + newer.length };
    this.move({ to: this.#place.selected });
  }

  addOlder(older: readonly Row[]): void {
    this.#rows = [...this.#rows, ...older].slice(0, this.#most);
  }

  resize(height: number): void {
    this.#height = height;
    this.move({ to: this.#place.selected });
  }

  move(move: TableMove): void {
    this.#place = moveTable(this.#place, move, { total: this.#rows.length, height: this.#height });
  }

  /** Whether the view, with a screenful to spare, has come to the oldest row. */
  nearsEnd(): boolean {
    return this.#place.offset + 2 * this.#height >= this.#rows.length;
  }
}
