import { PairBitmaps } from "./pair-bitmaps.ts";
import { foldCase, type Row, type UserRows } from "./user-rows.ts";

const NEWLINE = "\n";

/**
 * What a text filter searches: usernames and full names, folded, held ready in one text a user. Only the texts that have
 * all pairs of characters of what is sought are looked at, which is mostly few.
 */
export class UserText {
  readonly #texts: string[] = [];
  readonly #pairs = new PairBitmaps();

  constructor(rows: UserRows) {
    for (let slot = 0; slot < rows.length; slot++) {
      const row = rows.at(slot);
      if (row) this.put(slot, row);
    }
  }

  /** A slot that is given up keeps its text until it is used again: no list has it meanwhile. */
  put(slot: number, row: Row): void {
    // Joined, not added up: the latter would be made one string at the first search only, beside its parts.
    const text = [row.username, row.fullName].join(NEWLINE);
    if (this.#texts[slot] === text) return;
    if (this.#texts[slot] !== undefined) this.#pairs.clear(slot);
    this.#texts[slot] = text;
    this.#pairs.add(slot, text);
  }

  /** Sets `marks` at the slots of users whose username or full name contains the text, which is not empty. */
  mark(text: string, marks: Uint8Array): void {
    const sought = foldCase(text);
    // What is sought stands in one line: a username or a full name.
    if (sought.includes(NEWLINE)) return;
    this.#pairs.visit(sought, (slot) => {
      if (this.#texts[slot]?.includes(sought)) marks[slot] = 1;
    });
  }
}
