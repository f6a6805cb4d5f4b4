import { PairBitmaps } from "./pair-bitmaps.ts";
import type { Identified, Rows } from "./rows.ts";

const NEWLINE = "\n";
/** Slots that one search indexes: some 10 ms, where all of 100,000 would keep everybody waiting for 0.2 s. */
const INDEXED_AT_ONCE = 4096;

/** A text as it is searched and sorted: canonically composed and lower-cased. */
export function foldCase(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/**
 * What a text filter searches: some texts of each row, folded, held ready as one. Only those that have all pairs of
 * characters of what is sought are looked at, which is mostly few. Each search indexes some more slots, until all are,
 * and looks at each of the others.
 */
export class SlotText<Row extends Identified> {
  readonly #rows: Rows<Row>;
  readonly #texts: string[] = [];
  readonly #pairs = new PairBitmaps();
  readonly #textsOf: (row: Row) => readonly string[];
  /** The slots below this one are indexed. */
  #indexed = 0;

  /** `textsOf` gives them folded. */
  constructor(rows: Rows<Row>, textsOf: (row: Row) => readonly string[]) {
    this.#rows = rows;
    this.#textsOf = textsOf;
  }

  /** The row at this slot is new or another one. */
  put(slot: number, row: Row): void {
    if (slot < this.#indexed) this.#index(slot, row);
  }

  /** Sets `marks` at the slots of rows of which one text contains this one, which is not empty. */
  mark(text: string, marks: Uint8Array): void {
    const sought = foldCase(text);
    // What is sought stands in one line: in one of the texts.
    if (sought.includes(NEWLINE)) return;
    this.#indexMore();
    this.#pairs.visit(sought, (slot) => {
      if (this.#texts[slot]?.includes(sought)) marks[slot] = 1;
    });
    for (let slot = this.#indexed; slot < this.#rows.length; slot++) {
      const row = this.#rows.at(slot);
      if (row && this.#textsOf(row).some((one) => one.includes(sought))) marks[slot] = 1;
    }
  }

  #indexMore(): void {
    const end = Math.min(this.#rows.length, this.#indexed + INDEXED_AT_ONCE);
    for (; this.#indexed < end; this.#indexed++) {
      const row = this.#rows.at(this.#indexed);
      if (row) this.#index(this.#indexed, row);
    }
  }

  /** A slot that is given up keeps its text until it is used again: no list has it meanwhile. */
  #index(slot: number, row: Row): void {
    // Joined, not added up: the latter would be made one string at the first search only, beside its parts.
    const text = this.#textsOf(row).join(NEWLINE);
    if (this.#texts[slot] === text) return;
    if (this.#texts[slot] !== undefined) this.#pairs.clear(slot);
    this.#texts[slot] = text;
    this.#pairs.add(slot, text);
  }
}
