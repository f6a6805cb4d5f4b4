import type { FileHandle } from "node:fs/promises";
import type { FileSystem } from "./files.ts";
import { LineProblem } from "./line.ts";
import { LineMarks } from "./line-marks.ts";
import { type Position, readSegment } from "./segment.ts";
import { listSegments, type Segment, sealedPath, segmentEnd, segmentHolding } from "./segments.ts";
import { damaged, hasCode } from "./store-error.ts";

/** How far the journal is known to be on disk: its last position, and the size of its last segment. */
export interface Durable {
  seq: number;
  /** The position that the last segment follows. */
  segment: number;
  size: number;
}

export interface SegmentFilesParts {
  io: FileSystem;
  directory: string;
  /** Entries after this position are kept. */
  anchor: () => Position;
}

/** A segment opened for reading, as far as it is durable. */
export interface OpenSegment extends Segment {
  file: FileHandle;
  size: number;
  marks: LineMarks;
}

/**
 * Opens the journal's segments, live and sealed, for those who read them while they are written, sealed and pruned: with
 * handles of their own, so that the writer does not notice.
 */
export class SegmentFiles {
  readonly #parts: SegmentFilesParts;
  /** As last listed. What became of them since shows when one of them is gone, or the last one is not there yet. */
  #listed: readonly Segment[] = [];
  /** By the paths of segments. */
  readonly #marks = new Map<string, LineMarks>();

  constructor(parts: SegmentFilesParts) {
    this.#parts = parts;
  }

  /**
   * The segment that holds position `seq`, which is durable, for the caller to close; undefined where it was pruned.
   * Throws `StoreError` where it is missing.
   */
  async open(seq: number, durable: Durable): Promise<OpenSegment | undefined> {
    const { directory, anchor } = this.#parts;
    if ((this.#listed.at(-1)?.start ?? -1) < durable.segment) await this.#list();
    for (let gone = ""; ; ) {
      if (seq <= anchor().seq) return undefined;
      const segment = segmentHolding(this.#listed, seq);
      if (!segment) throw damaged(sealedPath(directory, anchor().seq), null, "it is missing");
      try {
        return await this.#open(segment, durable);
      } catch (error) {
        // It was sealed or pruned since it was listed.
        if (!hasCode(error, "ENOENT") || gone === segment.path) throw error;
        gone = segment.path;
        await this.#list();
      }
    }
  }

  /** What is to be thrown for a failure in a segment: for damage, which line it is in, found by following the chain. */
  async told(segment: Segment, error: unknown): Promise<unknown> {
    if (!(error instanceof LineProblem)) return error;
    const { io, directory, anchor } = this.#parts;
    this.#marks.delete(segment.path);
    const before = segmentHolding(await listSegments(io, directory), segment.start);
    const start = before ? await segmentEnd(io, before) : anchor();
    const read = await readSegment(io, segment.path, start, () => {});
    return damaged(segment.path, read.problem?.line ?? null, read.problem?.what ?? error.message);
  }

  async #open(segment: Segment, durable: Durable): Promise<OpenSegment> {
    const file = await this.#parts.io.open(segment.path, "r");
    try {
      // What is being written behind the durable end is nobody's business yet.
      const isLast = !segment.sealed && segment.start === durable.segment;
      const size = isLast ? durable.size : (await file.stat()).size;
      return { ...segment, file, size, marks: this.#marksOf(segment) };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async #list(): Promise<void> {
    const { io, directory } = this.#parts;
    this.#listed = await listSegments(io, directory);
    for (const path of this.#marks.keys()) {
      if (!this.#listed.some((segment) => segment.path === path)) this.#marks.delete(path);
    }
  }

  #marksOf({ path }: Segment): LineMarks {
    const marks = this.#marks.get(path) ?? new LineMarks();
    this.#marks.set(path, marks);
    return marks;
  }
}
