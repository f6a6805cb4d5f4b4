import { Backfill } from "./backfill.ts";
import type { Work } from "./idle-work.ts";
import { PairBitmaps } from "./pair-bitmaps.ts";
import type { Identified, Rows } from "./rows.ts";

const NEWLINE = "\n";

/** A text as it is searched and sorted: canonically composed and lower-cased. */
export function foldCase(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/**
 * What a text filter searches: some texts of each row, folded, held ready as one. Only those that have all pairs of
 * characters of what is sought are looked at, which is mostly few, and those that are not indexed yet.
 */
export class SlotText<Row extends Identified> {
  readonly #rows: Rows<Row>;
  readonly #texts: string[] = [];
  readonly #pairs = new PairBitmaps();
  readonly #textsOf: (row: Row) => readonly string[];
  readonly #backfill: Backfill<Row>;

  /** `textsOf` gives them folded. */
  constructor(rows: Rows<Row>, textsOf: (row: Row) => readonly string[]) {
    this.#rows = rows;
    this.#textsOf = textsOf;
    this.#backfill = new Backfill(rows, (slot, row) => this.#index(slot, row));
  }

  /** Indexes the rows once they are complete; until then searches look at each. */
  get work(): Work {
    return this.#backfill;
  }

  /** The row at this slot is new or another one. */
  put(slot: number, row: Row): void {
    if (this.#backfill.has(slot)) this.#index(slot, row);
  }

  /** Sets `marks`, all 0 before, at the slots of rows of which one text contains this one, which is not empty. */
  mark(text: string, marks: Uint8Array): void {
    const sought = foldCase(text);
    // What is sought stands in one line: in one of the texts.
    if (sought.includes(NEWLINE)) return;
    this.#pairs.mark(sought, marks);
    if (!this.#pairs.isExact(sought)) this.#unmarkOthers(sought, marks);
    for (let slot = this.#backfill.reached; slot < this.#rows.length; slot++) {
      const row = this.#rows.at(slot);
      if (row && this.#textsOf(row).some((one) => one.includes(sought))) marks[slot] = 1;
    }
  }

  #unmarkOthers(sought: string, marks: Uint8Array): void {
    for (let slot = 0; slot < marks.length; slot++) {
      if (marks[slot] === 1 && !this.#texts[slot]?.includes(sought)) marks[slot] = 0;
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
