import type { Entry } from "../../../protocol/index.ts";
import type { EntryQuery } from "../store.ts";
import { entriesOf, missing } from "./line.ts";

/** Parsed for one page at most: some 6 ms, and a bound for the size of a page too. */
const PAGE_BYTES = 1024 * 1024;

/** A page of entries while lines are read for it, newest first. Damage throws `LineProblem`. */
export class GrowingPage {
  readonly items: Entry[] = [];
  readonly #query: Omit<EntryQuery, "before">;
  /** Only what comes before is still to be looked through. */
  #next: number;
  #unread = PAGE_BYTES;

  constructor(query: Omit<EntryQuery, "before">, next: number) {
    this.#query = query;
    this.#next = next;
  }

  get next(): number {
    return this.#next;
  }

  /** It is full, has cost enough, or nothing more is wanted. */
  get isDone(): boolean {
    const { limit, after = 0 } = this.#query;
    return this.items.length === limit || this.#next <= after + 1 || this.#unread <= 0;
  }

  /** These come before those taken so far; in their order, each with its newline. Takes no more than it needs. */
  take(lines: readonly Buffer[]): void {
    for (let index = lines.length - 1; index >= 0 && !this.isDone; index--) {
      this.#takeLine(lines[index] as Buffer);
    }
  }

  #takeLine(line: Buffer): void {
    const next = this.#next;
    const entries = entriesOf(line).filter(({ seq }) => seq < next);
    if (entries.at(-1)?.seq !== next - 1) throw missing(next - 1);
    if (entries[0]?.seq !== next - entries.length) throw missing(next - entries.length);
    for (const entry of entries.reverse()) {
      if (this.isDone) return;
      this.#next = entry.seq;
      if (this.#query.matches(entry)) this.items.push(entry);
    }
    this.#unread -= line.length;
  }
}
