import { PairBitmaps } from "./pair-bitmaps.ts";
import type { Identified, Rows } from "./rows.ts";

const NEWLINE = "\n";

/** A text as it is searched and sorted: canonically composed and lower-cased. */
export function foldCase(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/**
 * What a text filter searches: some texts of each row, folded, held ready as one. Only those that have all pairs of
 * characters of what is sought are looked at, which is mostly few.
 */
export class SlotText<Row extends Identified> {
  readonly #texts: string[] = [];
  readonly #pairs = new PairBitmaps();
  readonly #textsOf: (row: Row) => readonly string[];

  /** `textsOf` gives them folded. */
  constructor(rows: Rows<Row>, textsOf: (row: Row) => readonly string[]) {
    this.#textsOf = textsOf;
    for (let slot = 0; slot < rows.length; slot++) {
      const row = rows.at(slot);
      if (row) this.put(slot, row);
    }
  }

  /** A slot that is given up keeps its text until it is used again: no list has it meanwhile. */
  put(slot: number, row: Row): void {
    // Joined, not added up: the latter would be made one string at the first search only, beside its parts.
    const text = this.#textsOf(row).join(NEWLINE);
    if (this.#texts[slot] === text) return;
    if (this.#texts[slot] !== undefined) this.#pairs.clear(slot);
    this.#texts[slot] = text;
    this.#pairs.add(slot, text);
  }

  /** Sets `marks` at the slots of rows of which one text contains this one, which is not empty. */
  mark(text: string, marks: Uint8Array): void {
    const sought = foldCase(text);
    // What is sought stands in one line: in one of the texts.
    if (sought.includes(NEWLINE)) return;
    this.#pairs.visit(sought, (slot) => {
      if (this.#texts[slot]?.includes(sought)) marks[slot] = 1;
    });
  }
}
