import type { FileHandle } from "node:fs/promises";
import type { Entry } from "../../../protocol/index.ts";
import type { EntryPage, EntryQuery } from "../store.ts";
import type { EntryIndex } from "./entry-index.ts";
import type { FileSystem } from "./files.ts";
import { endOfLine, findLine } from "./find-line.ts";
import { GrowingPage } from "./growing-page.ts";
import { entriesOf, LineProblem, missing } from "./line.ts";
import { LineMarks } from "./line-marks.ts";
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

/** Whoever looks through lines, newest first. */
export interface LineTaker {
  /** What comes before this position is to be taken next. */
  readonly next: number;
  /** It wants no more. */
  readonly isDone: boolean;
  /** These end before `next`; in their order, each with its newline. Throws `LineProblem` where one is missing. */
  take(lines: readonly Buffer[]): Promise<void> | void;
}

/** So many lines that were found are read at the same time. */
const READ_AT_ONCE = 16;

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
  /** By the paths of segments. */
  readonly #marks = new Map<string, LineMarks>();

  constructor(parts: JournalHistoryParts) {
    this.#parts = parts;
  }

  /** Newest first: what the index has is looked up, what it has not is looked through. */
  async query(
    { before = Number.POSITIVE_INFINITY, ...query }: EntryQuery,
    index: EntryIndex | null = null,
  ): Promise<EntryPage> {
    const durable = this.#parts.durable();
    const oldest = () => Math.max(this.#parts.anchor().seq, query.after ?? 0) + 1;
    const page = new GrowingPage(query, Math.min(before, durable.seq + 1));
    while (!page.isDone && index?.has(page.next - 1)) {
      const { first } = index;
      const found = index.find(query, page.next, oldest());
      await this.#takeFound(found, page, durable);
      if (found.length < query.limit) page.skipTo(first);
    }
    await this.readBack(page, durable);
    const { items, next } = page;
    return { items, next: next > oldest() ? next : null };
  }

  /** Looks back through what is kept as far as the taker wants. */
  async readBack(taker: LineTaker, durable = this.#parts.durable()): Promise<void> {
    while (!taker.isDone) {
      const opened = await this.#openHolding(taker.next - 1, durable);
      if (!opened) return;
      await this.#readSegmentBack(opened, taker);
    }
  }

  /** Has the lines from position `oldest` on marked, so that the first who asks for some of them need not. */
  async markLines(oldest: number): Promise<void> {
    const durable = this.#parts.durable();
    for (let position = durable.seq; position >= oldest; ) {
      const opened = await this.#openHolding(position, durable);
      if (!opened) return;
      const { segment, file, size } = opened;
      await this.#marksOf(segment)
        .mark(file, size)
        .finally(() => file.close());
      position = segment.start;
    }
  }

  /** All that is durable after `position`, oldest first; null when not all of that is kept, or it is yet to come. */
  since(position: number): AsyncIterable<readonly Entry[]> | null {
    const durable = this.#parts.durable();
    if (position < this.#parts.anchor().seq || position > durable.seq) return null;
    return this.#forwards(position, durable);
  }

  /** The page takes the lines at these positions, newest first, as far as it needs and they are kept. */
  async #takeFound(positions: readonly number[], page: GrowingPage, durable: Durable): Promise<void> {
    for (let left = positions; left[0] !== undefined && !page.isDone; ) {
      const opened = await this.#openHolding(left[0], durable);
      if (!opened) return;
      const { start } = opened.segment;
      await this.#takeFromSegment(
        opened,
        left.filter((position) => position > start),
        page,
      );
      left = left.filter((position) => position <= start);
    }
  }

  async #takeFromSegment(
    { segment, file, size }: OpenSegment,
    positions: readonly number[],
    page: GrowingPage,
  ): Promise<void> {
    try {
      const marks = this.#marksOf(segment);
      await marks.mark(file, size);
      for (let at = 0; at < positions.length && !page.isDone; at += READ_AT_ONCE) {
        const batch = positions.slice(at, at + READ_AT_ONCE);
        const found = await marks.lines(file, size, batch);
        for (const { position, line } of found) page.takeFound(position, line);
      }
    } catch (error) {
      throw await this.#told(segment, error);
    } finally {
      await file.close();
    }
  }

  #marksOf({ path }: Segment): LineMarks {
    const marks = this.#marks.get(path) ?? new LineMarks();
    this.#marks.set(path, marks);
    return marks;
  }

  #forgetMarks(kept: readonly Segment[]): void {
    for (const path of this.#marks.keys()) {
      if (!kept.some((segment) => segment.path === path)) this.#marks.delete(path);
    }
  }

  /** Reads back through a segment as far as the taker wants. */
  async #readSegmentBack({ segment, file, size }: OpenSegment, taker: LineTaker): Promise<void> {
    try {
      const line = await findLine(file, size, taker.next - 1);
      for await (const lines of readLinesBackwards(file, await endOfLine(file, size, line))) {
        await taker.take(lines);
        if (taker.isDone) return;
      }
      if (taker.next - 1 !== segment.start) throw missing(taker.next - 1);
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
      const segments = await listSegments(io, directory);
      const segment = segmentHolding(segments, seq);
      this.#forgetMarks(segments);
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
