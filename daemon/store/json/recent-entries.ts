import type { Entry } from "../../../protocol/index.ts";

/** At least so many are kept, as far as they came after the snapshot. */
const KEPT = 10_000;
const BATCH = 500;

/** The newest entries, for those who missed some. */
export class RecentEntries {
  #entries: Entry[] = [];
  /** Everything up to here is not kept. */
  #before: number;

  constructor(before: number) {
    this.#before = before;
  }

  add(entries: readonly Entry[]): void {
    this.#entries.push(...entries);
    // Shifting one by one would move the whole array each time.
    if (this.#entries.length >= 2 * KEPT) this.#entries = this.#entries.slice(-KEPT);
    this.#before = (this.#entries[0]?.seq ?? this.#before + 1) - 1;
  }

  /** All that came after `since` and is here now, oldest first; null when `since` is too old, or not yet. */
  since(since: number): AsyncIterable<readonly Entry[]> | null {
    const last = this.#before + this.#entries.length;
    if (since < this.#before || since > last) return null;
    return batches(this.#entries.slice(since - this.#before));
  }
}

async function* batches(entries: readonly Entry[]): AsyncGenerator<readonly Entry[]> {
  for (let start = 0; start < entries.length; start += BATCH) yield entries.slice(start, start + BATCH);
}
