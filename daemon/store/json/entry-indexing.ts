import { setTimeout as pause } from "node:timers/promises";
import type { Entry } from "../../../protocol/index.ts";
import { EntryIndex } from "./entry-index.ts";
import type { JournalHistory, LineTaker } from "./journal-history.ts";
import { entriesOf, missing } from "./line.ts";

/**
 * So many of the newest entries are indexed at most, and no more once they name so many parties, at 20 and some 230 bytes
 * each: older ones are looked through. With twice as many parties, those of forgotten entries among them, it is begun anew.
 */
const MOST = { entries: 1_000_000, parties: 250_000 };
/** How long entries are taken in before others have their turn, and for how long they have it; milliseconds. */
const SLICE_MS = 1;
const PAUSE_MS = 1;

/** Where the durable entries that are kept begin and end: the positions before the first, and of the last. */
export interface Kept {
  before: number;
  last: number;
}

/**
 * Keeps the index of entries: made bit by bit, back from the newest, once somebody asks for entries, and from then on kept
 * with every new one.
 */
export class EntryIndexing implements LineTaker {
  readonly #history: JournalHistory;
  readonly #kept: () => Kept;
  readonly #most: typeof MOST;
  #index: EntryIndex | null = null;
  #running = false;
  #stopped = false;
  #sliceEnd = 0;

  constructor(history: JournalHistory, kept: () => Kept, most = MOST) {
    this.#history = history;
    this.#kept = kept;
    this.#most = most;
  }

  /** As far as it is made; null before that was begun. */
  get index(): EntryIndex | null {
    return this.#index;
  }

  /** Goes on making it, where that is not under way or done. */
  begin(): void {
    this.#index ??= new EntryIndex(this.#kept().last);
    if (this.#running || this.isDone) return;
    this.#running = true;
    void this.#run();
  }

  stop(): void {
    this.#stopped = true;
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
    if (this.#stopped || !this.#index) return true;
    return this.next <= this.#before() + 1 || this.#index.parties >= this.#most.parties;
  }

  async take(lines: readonly Buffer[]): Promise<void> {
    for (const line of lines.toReversed()) {
      if (this.isDone) return;
      const { next } = this;
      const entries = entriesOf(line);
      if (entries.at(-1)?.seq !== next - 1) throw missing(next - 1);
      for (const entry of entries.reverse()) this.#index?.add(entry);
      if (performance.now() < this.#sliceEnd) continue;
      await pause(PAUSE_MS, undefined, { ref: false });
      this.#sliceEnd = performance.now() + SLICE_MS;
    }
  }

  async #run(): Promise<void> {
    try {
      await this.#history.readBack(this);
    } catch {
      // Whoever asks for what could not be read is told why, and has it tried again.
    } finally {
      this.#running = false;
    }
  }

  /** What is at and before this position is not indexed. */
  #before(): number {
    const { before, last } = this.#kept();
    return Math.max(before, last - this.#most.entries);
  }
}
