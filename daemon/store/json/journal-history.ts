import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Entry } from "../../../protocol/index.ts";
import type { EntryPage, EntryQuery } from "../store.ts";
import type { FileSystem } from "./files.ts";
import { endOfLine, findLine } from "./find-line.ts";
import { entriesOf, LineProblem } from "./line.ts";
import { readLines, readLinesBackwards } from "./read-lines.ts";
import { segmentName, segmentStarts } from "./segment.ts";
import { damaged } from "./store-error.ts";

/** How far the journal is known to be on disk: its last position, and the size of its last segment. */
interface Durable {
  seq: number;
  /** The position that the last segment follows. */
  segment: number;
  size: number;
}

export interface JournalHistoryParts {
  io: FileSystem;
  directory: string;
  /** Entries after this position are kept. */
  oldest: number;
  durable: () => Durable;
}

/** Read for one page at most: some 50 ms, and a bound for the size of a page too. */
const PAGE_BYTES = 4 * 1024 * 1024;

/**
 * Reads entries back from the journal's segments, with handles of its own, so that the writer does not notice. The
 * chain of hashes is not followed; damage that shows all the same throws `StoreError`.
 */
export class JournalHistory {
  readonly #parts: JournalHistoryParts;

  constructor(parts: JournalHistoryParts) {
    this.#parts = parts;
  }

  /** Newest first. */
  async query({ before = Number.POSITIVE_INFINITY, matches, limit }: EntryQuery): Promise<EntryPage> {
    const durable = this.#parts.durable();
    const last = Math.min(before - 1, durable.seq);
    const items: Entry[] = [];
    let next = last + 1;
    let unread = PAGE_BYTES;
    for await (const { entries, bytes } of this.#backwards(last, durable)) {
      for (const entry of entries.reverse()) {
        if (entry.seq > last) continue;
        if (entry.seq !== next - 1)
          throw damaged(this.#parts.directory, null, `position ${next - 1} is missing`);
        if (items.length === limit) return { items, next };
        next = entry.seq;
        if (matches(entry)) items.push(entry);
      }
      unread -= bytes;
      if (unread <= 0) return { items, next };
    }
    return { items, next: null };
  }

  /** All that is durable after `position`, oldest first; null when not all of that is kept, or it is yet to come. */
  since(position: number): AsyncIterable<readonly Entry[]> | null {
    const durable = this.#parts.durable();
    if (position < this.#parts.oldest || position > durable.seq) return null;
    return this.#forwards(position, durable);
  }

  async *#backwards(last: number, durable: Durable): AsyncGenerator<{ entries: Entry[]; bytes: number }> {
    for (const start of (await this.#segments(durable)).reverse()) {
      if (start >= last) continue;
      yield* this.#inSegment(start, async function* (file) {
        const size = await durableSize(file, start, durable);
        const line = await findLine(file, size, last);
        for await (const bytes of readLinesBackwards(file, await endOfLine(file, size, line))) {
          yield { entries: entriesOf(bytes), bytes: bytes.length };
        }
      });
    }
  }

  async *#forwards(position: number, durable: Durable): AsyncGenerator<readonly Entry[]> {
    let reached = position;
    const starts = await this.#segments(durable);
    const first = starts.findLastIndex((start) => start <= position);
    for (const start of starts.slice(Math.max(first, 0))) {
      if (start > reached)
        throw damaged(this.#path(start), null, `position ${reached + 1} is missing before it`);
      yield* this.#inSegment(start, async function* (file) {
        const size = await durableSize(file, start, durable);
        for await (const { lines } of readLines(file, await findLine(file, size, reached + 1), size)) {
          const entries = lines.flatMap(entriesOf).filter(({ seq }) => seq > reached && seq <= durable.seq);
          reached = entries.at(-1)?.seq ?? reached;
          if (entries.length > 0) yield entries;
        }
      });
    }
  }

  /** Reads from a segment and says where, if what is read is not a line. */
  async *#inSegment<T>(start: number, read: (file: FileHandle) => AsyncGenerator<T>): AsyncGenerator<T> {
    const path = this.#path(start);
    const file = await this.#parts.io.open(path, "r");
    try {
      yield* read(file);
    } catch (error) {
      if (error instanceof LineProblem) throw damaged(path, null, `in a line, ${error.message}`);
      throw error;
    } finally {
      await file.close();
    }
  }

  async #segments({ segment }: Durable): Promise<number[]> {
    const { io, directory } = this.#parts;
    return segmentStarts(await io.readdir(directory)).filter((start) => start <= segment);
  }

  #path(start: number): string {
    return join(this.#parts.directory, segmentName(start));
  }
}

/** What is being written behind the durable end is nobody's business yet. */
async function durableSize(file: FileHandle, start: number, { segment, size }: Durable): Promise<number> {
  return start === segment ? size : (await file.stat()).size;
}
