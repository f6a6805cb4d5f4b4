import type { Entry } from "../../../protocol/index.ts";

/** Some hundreds of entries; as objects they take a few times as much. */
const MOST_BYTES = 512 * 1024;

/** The entries of one line, in their order. */
export interface LineEntries {
  readonly entries: readonly Entry[];
  /** As text. */
  readonly bytes: number;
}

export interface SizedEntry {
  readonly entry: Entry;
  /** Its share of its line. */
  readonly bytes: number;
}

/** A run of the newest durable entries without a gap, for whoever need not read them from the journal then. */
export class NewestEntries {
  readonly #entries = new Map<number, SizedEntry>();
  readonly #most: number;
  /** The oldest position that is kept. */
  #first: number;
  #bytes = 0;

  /** Begins empty, behind position `last`. */
  constructor(last: number, most = MOST_BYTES) {
    this.#first = last + 1;
    this.#most = most;
  }

  at(position: number): SizedEntry | undefined {
    return this.#entries.get(position);
  }

  /** The line follows the newest entry. */
  add(line: LineEntries): void {
    this.#put(line);
    while (this.#bytes > this.#most) this.#dropFirst();
  }

  /** The line is kept where it comes right before the oldest entry and there is room for it. */
  addOlder(line: LineEntries): void {
    if (line.entries.at(-1)?.seq !== this.#first - 1 || this.#bytes + line.bytes > this.#most) return;
    this.#put(line);
    this.#first -= line.entries.length;
  }

  #put({ entries, bytes }: LineEntries): void {
    const share = bytes / entries.length;
    for (const entry of entries) this.#entries.set(entry.seq, { entry, bytes: share });
    this.#bytes += bytes;
  }

  #dropFirst(): void {
    this.#bytes -= this.#entries.get(this.#first)?.bytes ?? 0;
    this.#entries.delete(this.#first);
    this.#first += 1;
  }
}
