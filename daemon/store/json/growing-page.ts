import type { Entry } from "../../../protocol/index.ts";
import type { EntryQuery } from "../store.ts";
import { entryFilter } from "./entry-filter.ts";
import { entriesOf, firstPosition, HEAD_LENGTH, missing } from "./line.ts";
import { lineFilter } from "./line-filter.ts";
import type { SizedEntry } from "./newest-entries.ts";

/** Looked through for one page at most: some 5 ms. */
const PAGE_BYTES = 4 * 1024 * 1024;
/** A line that is parsed counts so many times; that bounds the size of a page too. */
const PARSING = 4;

type Query = Omit<EntryQuery, "before">;

/**
 * A page of entries while lines are read for it, newest first. Damage throws `LineProblem`; a line in which nothing that
 * is sought can be is passed over, and only its first position is checked.
 */
export class GrowingPage {
  readonly items: Entry[] = [];
  readonly #query: Query;
  readonly #holds: (entry: Entry) => boolean;
  readonly #mayMatch: (line: Buffer) => boolean;
  /** Only what comes before is still to be looked through. */
  #next: number;
  /** The last line, when it was passed over and `next` does not know it yet. */
  #passed: Buffer | null = null;
  #left = PAGE_BYTES;

  constructor(query: Query, next: number) {
    this.#query = query;
    const { holds, mentions } = entryFilter(query);
    this.#holds = holds;
    this.#mayMatch = lineFilter({ ...query, mentions });
    this.#next = next;
  }

  get next(): number {
    return this.#next;
  }

  /** It is full, has cost enough, or nothing more is wanted. */
  get isDone(): boolean {
    const { limit, after = 0 } = this.#query;
    return this.items.length === limit || this.#next <= after + 1 || this.#left <= 0;
  }

  /** Nothing else that is sought is at or after position `next`. */
  skipTo(next: number): void {
    if (!this.isDone) this.#next = Math.min(this.#next, next);
  }

  /** The line that holds this position, and nothing that is sought is between it and those taken so far. */
  takeFound(position: number, line: Buffer): void {
    // A line in which several were found was taken with the first of them.
    if (position >= this.#next) return;
    this.skipTo(position + 1);
    this.take([line]);
  }

  /** The same of an entry that need not be read. */
  takeEntry({ entry, bytes }: SizedEntry): void {
    if (this.isDone) return;
    this.#left -= PARSING * bytes;
    this.#next = entry.seq;
    if (this.#isSought(entry)) this.items.push(entry);
  }

  /** These come before those taken so far; in their order, each with its newline. Takes no more than it needs. */
  take(lines: readonly Buffer[]): void {
    for (const line of lines.toReversed()) {
      if (this.isDone) break;
      if (this.#mayMatch(line)) this.#parse(line);
      else this.#pass(line);
    }
    this.#catchUp();
  }

  #pass(line: Buffer): void {
    this.#passed = line;
    this.#left -= line.length;
  }

  #catchUp(): void {
    if (!this.#passed) return;
    const first = firstPosition(this.#passed.subarray(0, HEAD_LENGTH));
    if (first >= this.#next) throw missing(this.#next - 1);
    this.#next = first;
    this.#passed = null;
  }

  #parse(line: Buffer): void {
    this.#catchUp();
    this.#left -= PARSING * line.length;
    const next = this.#next;
    const entries = entriesOf(line).filter(({ seq }) => seq < next);
    if (entries.at(-1)?.seq !== next - 1) throw missing(next - 1);
    if (entries[0]?.seq !== next - entries.length) throw missing(next - entries.length);
    const { limit, after = 0 } = this.#query;
    for (const entry of entries.reverse()) {
      if (this.items.length === limit || entry.seq <= after) return;
      this.#next = entry.seq;
      if (this.#isSought(entry)) this.items.push(entry);
    }
  }

  #isSought(entry: Entry): boolean {
    const { from, to } = this.#query;
    return (
      (from === undefined || entry.at >= from) && (to === undefined || entry.at < to) && this.#holds(entry)
    );
  }
}
