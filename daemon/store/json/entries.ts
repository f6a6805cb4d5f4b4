import type { Entry } from "../../../protocol/index.ts";
import type { EntryPage, EntryQuery } from "../store.ts";
import { EntryIndexing } from "./entry-indexing.ts";
import type { Commit } from "./group-commit.ts";
import type { IdleWork } from "./idle-work.ts";
import { JournalHistory, type JournalHistoryParts } from "./journal-history.ts";
import type { RecentEntries } from "./recent-entries.ts";

type Listener = (entries: readonly Entry[]) => void;

/** What happened: told once it is on disk, and read back as far as it is kept. */
export class Entries {
  readonly #recent: RecentEntries;
  readonly #history: JournalHistory;
  readonly #indexing: EntryIndexing;
  readonly #listeners: Listener[] = [];

  constructor(recent: RecentEntries, parts: JournalHistoryParts, idleWork: IdleWork) {
    const { anchor, durable } = parts;
    const history = new JournalHistory(parts);
    const kept = () => ({ before: anchor().seq, last: durable().seq });
    this.#recent = recent;
    this.#history = history;
    this.#indexing = new EntryIndexing({ history, idleWork, kept });
  }

  /** Who asks once is likely to ask for more: what is asked next is looked up in an index. */
  async query(query: EntryQuery): Promise<EntryPage> {
    const page = await this.#history.query(query, this.#indexing.indexed);
    this.#indexing.begin();
    return page;
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
  tell(commits: readonly Commit[]): void {
    for (const { entries, text } of commits) this.#indexing.add({ entries, bytes: text.entries.length });
    const entries = commits.flatMap((commit) => commit.entries);
    setImmediate(() => {
      this.#recent.add(entries);
      for (const listener of this.#listeners) listener(entries);
    });
  }
}
