import { EntryIndex } from "./entry-index.ts";
import type { IdleWork, Work } from "./idle-work.ts";
import type { Indexed, JournalHistory, LineTaker } from "./journal-history.ts";
import { entriesOf, missing } from "./line.ts";
import { type LineEntries, NewestEntries } from "./newest-entries.ts";

/**
 * So many of the newest entries are indexed at most, and no more once they name so many parties, at 20 and some 230 bytes
 * each: older ones are looked through. With twice as many parties, those of forgotten entries among them, it is begun anew.
 */
const MOST = { entries: 1_000_000, parties: 250_000 };

/** Where the durable entries that are kept begin and end: the positions before the first, and of the last. */
export interface Kept {
  before: number;
  last: number;
}

export interface EntryIndexingParts {
  history: JournalHistory;
  idleWork: IdleWork;
  kept: () => Kept;
  most?: typeof MOST;
}

/**
 * Keeps the index of entries, and the newest of them: made bit by bit, back from the newest, once somebody asks for
 * entries, and from then on kept with every new one.
 */
export class EntryIndexing implements LineTaker {
  readonly #parts: EntryIndexingParts;
  readonly #most: typeof MOST;
  #indexed: Indexed | null = null;
  #running = false;

  constructor(parts: EntryIndexingParts) {
    this.#parts = parts;
    this.#most = parts.most ?? MOST;
  }

  /** As far as it is made; null before that was begun. */
  get indexed(): Indexed | null {
    return this.#indexed;
  }

  /** Goes on making it, where that is not under way or done. */
  begin(): void {
    this.#indexed ??= this.#nothingYet();
    if (this.#running || this.isDone) return;
    this.#running = true;
    void this.#run();
  }

  /** To be told all that becomes durable, line by line. */
  add(line: LineEntries): void {
    if (!this.#indexed) return;
    const { index, newest } = this.#indexed;
    for (const entry of line.entries) index.add(entry);
    index.forget(this.#before());
    newest.add(line);
    if (index.parties > 2 * this.#most.parties) this.#indexed = null;
  }

  get next(): number {
    return this.#indexed?.index.first ?? 0;
  }

  get isDone(): boolean {
    if (!this.#indexed) return true;
    const { first, parties } = this.#indexed.index;
    return first <= this.#before() + 1 || parties >= this.#most.parties;
  }

  take(lines: readonly Buffer[]): Promise<void> {
    return this.#parts.idleWork.run(this.#takingIn(lines));
  }

  #takingIn(lines: readonly Buffer[]): Work {
    const left = [...lines];
    return {
      step: () => {
        const line = left.pop();
        if (!line || this.isDone) return false;
        this.#takeIn(line);
        return true;
      },
    };
  }

  #takeIn(line: Buffer): void {
    const { next } = this;
    const entries = entriesOf(line);
    if (entries.at(-1)?.seq !== next - 1) throw missing(next - 1);
    this.#indexed?.newest.addOlder({ entries, bytes: line.length });
    for (const entry of entries.toReversed()) this.#indexed?.index.add(entry);
  }

  async #run(): Promise<void> {
    try {
      await this.#parts.history.readBack(this);
    } catch {
      // Whoever asks for what could not be read is told why, and has it tried again.
    } finally {
      this.#running = false;
    }
  }

  #nothingYet(): Indexed {
    const { last } = this.#parts.kept();
    return { index: new EntryIndex(last), newest: new NewestEntries(last) };
  }

  /** What is at and before this position is not indexed. */
  #before(): number {
    const { before, last } = this.#parts.kept();
    return Math.max(before, last - this.#most.entries);
  }
}
