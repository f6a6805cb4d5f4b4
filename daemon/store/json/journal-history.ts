import type { FileHandle } from "node:fs/promises";
import type { Entry } from "../../../protocol/index.ts";
import type { EntryPage, EntryQuery } from "../store.ts";
import type { FileSystem } from "./files.ts";
import { endOfLine, findLine } from "./find-line.ts";
import { entriesOf, LineProblem } from "./line.ts";
import { readLines, readLinesBackwards } from "./read-lines.ts";
import { type Position, readSegment } from "./segment.ts";
import { listSegments, type Segment, sealedPath, segmentEnd, segmentHolding } from "./segments.ts";
import { damaged, hasCode, type StoreError } from "./store-error.ts";

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
  anchor: () => Position;
  durable: () => Durable;
}

/** A segment opened for reading, as far as it is durable. */
interface OpenSegment {
  segment: Segment;
  file: FileHandle;
  size: number;
}

/** Read for one page at most: some 50 ms, and a bound for the size of a page too. */
const PAGE_BYTES = 4 * 1024 * 1024;

/**
 * Reads entries back from the journal, live and sealed, with handles of its own, so that the writer does not notice.
 * Segments may be sealed and pruned meanwhile. The chain of hashes is not followed; damage that shows all the same
 * throws `StoreError`.
 */
export class JournalHistory {
  readonly #parts: JournalHistoryParts;

  constructor(parts: JournalHistoryParts) {
    this.#parts = parts;
  }

  /** Newest first. */
  async query({
    before = Number.POSITIVE_INFINITY,
    after = 0,
    matches,
    limit,
  }: EntryQuery): Promise<EntryPage> {
    const durable = this.#parts.durable();
    const last = Math.min(before - 1, durable.seq);
    const items: Entry[] = [];
    let next = last + 1;
    let unread = PAGE_BYTES;
    for await (const { entries, bytes } of this.#backwards(last, durable)) {
      for (const entry of entries.reverse()) {
        if (entry.seq <= after) return { items, next: null };
        if (items.length === limit) return { items, next };
        next = entry.seq;
        if (matches(entry)) items.push(entry);
      }
      unread -= bytes;
      if (unread <= 0) break;
    }
    return { items, next: next - 1 > this.#parts.anchor().seq ? next : null };
  }

  /** All that is durable after `position`, oldest first; null when not all of that is kept, or it is yet to come. */
  since(position: number): AsyncIterable<readonly Entry[]> | null {
    const durable = this.#parts.durable();
    if (position < this.#parts.anchor().seq || position > durable.seq) return null;
    return this.#forwards(position, durable);
  }

  /** Line by line, oldest entry first in each. */
  async *#backwards(last: number, durable: Durable): AsyncGenerator<{ entries: Entry[]; bytes: number }> {
    let seq = last;
    for (;;) {
      const opened = await this.#openHolding(seq, durable);
      if (!opened) return;
      const { file, size, segment } = opened;
      yield* this.#reading(opened, async function* () {
        const line = await findLine(file, size, seq);
        for await (const bytes of readLinesBackwards(file, await endOfLine(file, size, line))) {
          const entries = entriesOf(bytes).filter((entry) => entry.seq <= seq);
          if (entries.at(-1)?.seq !== seq) throw missing(seq);
          seq -= entries.length;
          if (entries[0]?.seq !== seq + 1) throw missing(seq + 1);
          yield { entries, bytes: bytes.length };
        }
        if (seq !== segment.start) throw missing(seq);
      });
    }
  }

  async *#forwards(position: number, durable: Durable): AsyncGenerator<readonly Entry[]> {
    let reached = position;
    while (reached < durable.seq) {
      const opened = await this.#openHolding(reached + 1, durable);
      if (!opened) throw new Error(`The entries after position ${reached} were pruned meanwhile`);
      const { file, size } = opened;
      yield* this.#reading(opened, async function* () {
        const begun = reached;
        for await (const lines of readLines(file, await findLine(file, size, reached + 1), size)) {
          const entries = lines.flatMap(entriesOf).filter(({ seq }) => seq > reached && seq <= durable.seq);
          if (entries.length === 0) continue;
          for (const { seq } of entries) {
            if (seq !== reached + 1) throw missing(reached + 1);
            reached = seq;
          }
          yield entries;
        }
        if (reached === begun) throw missing(reached + 1);
      });
    }
  }

  /** Reads from a segment; damage is told with its line. */
  async *#reading<T>({ segment, file }: OpenSegment, read: () => AsyncGenerator<T>): AsyncGenerator<T> {
    try {
      yield* read();
    } catch (error) {
      if (error instanceof LineProblem) throw await this.#diagnosis(segment, error);
      throw error;
    } finally {
      await file.close();
    }
  }

  /** Undefined: position `seq` was pruned, or there is none. */
  async #openHolding(seq: number, durable: Durable): Promise<OpenSegment | undefined> {
    const { io, directory, anchor } = this.#parts;
    let gone = "";
    for (;;) {
      const segment = segmentHolding(await listSegments(io, directory), seq);
      if (seq <= anchor().seq) return undefined;
      if (!segment) throw damaged(sealedPath(directory, anchor().seq), null, "it is missing");
      try {
        const file = await io.open(segment.path, "r");
        // What is being written behind the durable end is nobody's business yet.
        const isLast = !segment.sealed && segment.start === durable.segment;
        return { segment, file, size: isLast ? durable.size : (await file.stat()).size };
      } catch (error) {
        // It was sealed or pruned between listing and opening.
        if (!hasCode(error, "ENOENT") || gone === segment.path) throw error;
        gone = segment.path;
      }
    }
  }

  /** Follows the chain through a segment in which something is wrong, to say in which line. */
  async #diagnosis(segment: Segment, problem: LineProblem): Promise<StoreError> {
    const { io, directory, anchor } = this.#parts;
    const before = segmentHolding(await listSegments(io, directory), segment.start);
    const start = before ? await segmentEnd(io, before) : anchor();
    const read = await readSegment(io, segment.path, start, () => {});
    return damaged(segment.path, read.problem?.line ?? null, read.problem?.what ?? problem.message);
  }
}

function missing(seq: number): LineProblem {
  return new LineProblem(`position ${seq} is missing`);
}
