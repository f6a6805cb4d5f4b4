import { type FileSystem, makeSubdirectory, syncDirectory } from "./files.ts";
import { entriesOf, LineProblem, sealLine } from "./line.ts";
import { readLines } from "./read-lines.ts";
import { replaceFile, SLICE } from "./replace-file.ts";
import type { Position } from "./segment.ts";
import { AUDIT, listSegments, type Segment, sealedPath, segmentEnd } from "./segments.ts";
import { damaged } from "./store-error.ts";

export interface SealingParts {
  io: FileSystem;
  directory: string;
  /** What the oldest entry kept follows. */
  anchor: () => Position;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Where a segment ends; the hash there is checked by the segment that follows, if one does. */
type End = Pick<Position, "seq"> & Partial<Position>;

/** A sealed file is added to while it is smaller than this, and its oldest entry younger than that. */
const SMALL = 1024 * 1024;
const YOUNG_MS = 24 * 3_600_000;

/**
 * Moves segments that a durable snapshot covers to `audit/`, without what they changed. A live file goes only once its
 * sealed form is on disk, so that a crash at any step leaves every entry where it is found.
 */
export class Sealing {
  readonly #parts: SealingParts;
  readonly #stop = new AbortController();

  constructor(parts: SealingParts) {
    this.#parts = parts;
  }

  /**
   * Seals all that ends at or before the snapshot's position, or what can be until `stop`. Throws `StoreError` at
   * damage, and leaves it as it is.
   */
  async run(snapshot: Position): Promise<void> {
    try {
      await this.#run(snapshot);
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  /** Ends the work soon; what is left is sealed another time. */
  stop(): void {
    this.#stop.abort();
  }

  async #run(snapshot: Position): Promise<void> {
    const { io, directory, anchor } = this.#parts;
    const segments = await listSegments(io, directory);
    const live = segments.filter(({ start, sealed }) => !sealed && start < snapshot.seq);
    if (live.length === 0) return;
    let last = segments.findLast(({ sealed }) => sealed);
    if (!last) await makeSubdirectory(io, directory, AUDIT);
    let reached = last ? await segmentEnd(io, last) : anchor();
    for (const [index, segment] of live.entries()) {
      const next = live[index + 1];
      const end: End = next ? { seq: next.start } : snapshot;
      // Not so where a crash came between sealing and removing.
      if (reached.seq < end.seq) {
        last = await this.#seal(segment, reached, end, last);
        reached = await segmentEnd(io, last);
      }
      await io.unlink(segment.path);
    }
    await syncDirectory(io, directory);
  }

  /** Seals a segment into the last sealed file or one of its own; returns that file. */
  async #seal(segment: Segment, start: Position, end: End, last: Segment | undefined): Promise<Segment> {
    const { io, directory } = this.#parts;
    const sealed = this.#sealed(segment, start, end);
    if (last && (await this.#isOpenEnded(last))) {
      await replaceFile(io, last.path, joined(this.#bytesOf(last), sealed));
      return last;
    }
    const path = sealedPath(directory, segment.start);
    await replaceFile(io, path, sealed);
    return { path, start: segment.start, sealed: true };
  }

  async #isOpenEnded(segment: Segment): Promise<boolean> {
    const { io, now } = this.#parts;
    if ((await io.stat(segment.path)).size >= SMALL) return false;
    for await (const [first = Buffer.alloc(0)] of this.#blocksOf(segment)) {
      const at = entriesOf(first)[0]?.at ?? "";
      return Date.parse(at) > now() - YOUNG_MS;
    }
    return false;
  }

  /** The sealed form of the segment, in slices; throws before its end when its chain does not lead from `start` to `end`. */
  async *#sealed(segment: Segment, start: Position, end: End): AsyncGenerator<Buffer> {
    const { path } = segment;
    if (segment.start !== start.seq)
      throw damaged(path, null, `position ${start.seq + 1} is missing before it`);
    let { hash } = start;
    let last: Buffer = Buffer.alloc(0);
    let number = 0;
    try {
      for await (const lines of this.#blocksOf(segment)) {
        const pieces: Buffer[] = [];
        for (const line of lines) {
          number += 1;
          const sealed = sealLine(hash, line.subarray(0, -1));
          hash = sealed.hash;
          last = line;
          pieces.push(...sealed.pieces);
        }
        yield Buffer.concat(pieces);
      }
      const seq = entriesOf(last).at(-1)?.seq;
      if (seq !== end.seq || (end.hash && !end.hash.equals(hash))) {
        throw new LineProblem(`the last line is not the one of position ${end.seq}`);
      }
    } catch (error) {
      if (error instanceof LineProblem) throw damaged(path, number, error.message);
      throw error;
    }
  }

  async *#bytesOf(segment: Segment): AsyncGenerator<Buffer> {
    for await (const lines of this.#blocksOf(segment)) yield Buffer.concat(lines);
  }

  async *#blocksOf({ path }: Segment): AsyncGenerator<Buffer[]> {
    const file = await this.#parts.io.open(path, "r");
    try {
      for await (const lines of readLines(file, 0, undefined, SLICE)) {
        this.#stop.signal.throwIfAborted();
        yield lines;
      }
    } finally {
      await file.close();
    }
  }
}

async function* joined(...parts: AsyncIterable<Buffer>[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield* part;
}
