import type { Entry } from "../../../protocol/index.ts";
import type { EntryPage, EntryQuery } from "../store.ts";
import { JournalHistory, type JournalHistoryParts } from "./journal-history.ts";
import type { RecentEntries } from "./recent-entries.ts";

type Listener = (entries: readonly Entry[]) => void;

/** What happened: told once it is on disk, and read back as far as it is kept. */
export class Entries {
  readonly #recent: RecentEntries;
  readonly #history: JournalHistory;
  readonly #listeners: Listener[] = [];

  constructor(recent: RecentEntries, history: JournalHistoryParts) {
    this.#recent = recent;
    this.#history = new JournalHistory(history);
  }

  query(query: EntryQuery): Promise<EntryPage> {
    return this.#history.query(query);
  }

  /** From memory where they are there still. */
  since(position: number): AsyncIterable<readonly Entry[]> | null {
    const kept = this.#history.since(position);
    return kept && (this.#recent.since(position) ?? kept);
  }

  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Tells those who listen in a later turn of the event loop, so that an answer precedes its event. */
  tell(entries: readonly Entry[]): void {
    setImmediate(() => {
      this.#recent.add(entries);
      for (const listener of this.#listeners) listener(entries);
    });
  }
}
