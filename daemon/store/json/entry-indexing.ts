import type { Entry } from "../../../protocol/index.ts";
import { EntryIndex } from "./entry-index.ts";
import type { IdleWork, Work } from "./idle-work.ts";
import type { JournalHistory, LineTaker } from "./journal-history.ts";
import { entriesOf, missing } from "./line.ts";

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
 * Keeps the index of entries: made bit by bit, back from the newest, once somebody asks for
 * entries, and from then on kept with every new one.
 */
export class EntryIndexing implements LineTaker {
  readonly #parts: EntryIndexingParts;
  readonly #most: typeof MOST;
  #index: EntryIndex | null = null;
  #running = false;

  constructor(parts: EntryIndexingParts) {
    this.#parts = parts;
    this.#most = parts.most ?? MOST;
  }

  /** As far as it is made; null before that was begun. */
  get index(): EntryIndex | null {
    return this.#index;
  }

  /** Goes on making it, where that is not under way or done. */
  begin(): void {
    this.#index ??= new EntryIndex(this.#parts.kept().last);
    if (this.#running || this.isDone) return;
    this.#running = true;
    void this.#run();
  }

  /** To be told all that becomes durable, in its order. */
  add(entries: readonly Entry[]): void {
    const index = this.#index;
    if (!index) return;
    for (const entry of entries) index.add(entry);
    index.forget(this.#before());
    if (index.parties > 2 * this.#most.parties) this.#index = null;
  }

  get next(): number {
    return this.#index?.first ?? 0;
  }

  get isDone(): boolean {
    if (!this.#index) return true;
    const { first, parties } = this.#index;
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
    for (const entry of entries.reverse()) this.#index?.add(entry);
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

  /** What is at and before this position is not indexed. */
  #before(): number {
    const { before, last } = this.#parts.kept();
    return Math.max(before, last - this.#most.entries);
  }
}
