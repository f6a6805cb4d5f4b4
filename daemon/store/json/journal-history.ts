import type { FileHandle } from "node:fs/promises";
import type { Entry } from "../../../protocol/index.ts";
import type { EntryPage, EntryQuery } from "../store.ts";
import type { FileSystem } from "./files.ts";
import { endOfLine, findLine } from "./find-line.ts";
import { GrowingPage } from "./growing-page.ts";
import { entriesOf, LineProblem, missing } from "./line.ts";
import { readLines, readLinesBackwards } from "./read-lines.ts";
import { type Position, readSegment } from "./segment.ts";
import { listSegments, type Segment, sealedPath, segmentEnd, segmentHolding } from "./segments.ts";
import { damaged, hasCode } from "./store-error.ts";

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
  async query({ before = Number.POSITIVE_INFINITY, ...query }: EntryQuery): Promise<EntryPage> {
    const durable = this.#parts.durable();
    const page = new GrowingPage(query, Math.min(before, durable.seq + 1));
    while (!page.isDone) {
      const opened = await this.#openHolding(page.next - 1, durable);
      if (!opened) break;
      await this.#readBack(opened, page);
    }
    const { items, next } = page;
    const oldest = Math.max(this.#parts.anchor().seq, query.after ?? 0) + 1;
    return { items, next: next > oldest ? next : null };
  }

  /** All that is durable after `position`, oldest first; null when not all of that is kept, or it is yet to come. */
  since(position: number): AsyncIterable<readonly Entry[]> | null {
    const durable = this.#parts.durable();
    if (position < this.#parts.anchor().seq || position > durable.seq) return null;
    return this.#forwards(position, durable);
  }

  /** Reads back through a segment as far as the page needs. */
  async #readBack({ segment, file, size }: OpenSegment, page: GrowingPage): Promise<void> {
    try {
      const line = await findLine(file, size, page.next - 1);
      for await (const lines of readLinesBackwards(file, await endOfLine(file, size, line))) {
        page.take(lines);
        if (page.isDone) return;
      }
      if (page.next - 1 !== segment.start) throw missing(page.next - 1);
    } catch (error) {
      throw await this.#told(segment, error);
    } finally {
      await file.close();
    }
  }

  async *#forwards(position: number, durable: Durable): AsyncGenerator<readonly Entry[]> {
    let reached = position;
    while (reached < durable.seq) {
      const opened = await this.#openHolding(reached + 1, durable);
      if (!opened) throw new Error(`The entries after position ${reached} were pruned meanwhile`);
      const { segment, file, size } = opened;
      const begun = reached;
      try {
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
      } catch (error) {
        throw await this.#told(segment, error);
      } finally {
        await file.close();
      }
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

  /** What is thrown for a failure in a segment: for damage, which line it is in, found by following the chain. */
  async #told(segment: Segment, error: unknown): Promise<unknown> {
    if (!(error instanceof LineProblem)) return error;
    const { io, directory, anchor } = this.#parts;
    const before = segmentHolding(await listSegments(io, directory), segment.start);
    const start = before ? await segmentEnd(io, before) : anchor();
    const read = await readSegment(io, segment.path, start, () => {});
    return damaged(segment.path, read.problem?.line ?? null, read.problem?.what ?? error.message);
  }
}
