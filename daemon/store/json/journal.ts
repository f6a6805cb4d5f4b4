import { randomUUID } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { type FileSystem, removeIfPresent, syncDirectory, writeDurably, writeFully } from "./files.ts";
import { type Position, readSegment, segmentName } from "./segment.ts";
import { damaged } from "./store-error.ts";

/** As much as a group of changes may need: less free space is not worth waking up for. */
const PROBE_BYTES = 64 * 1024;

/** The end of the journal: appends to its last segment, and mends it after a failed write. */
export class Journal {
  readonly #io: FileSystem;
  readonly #directory: string;
  /** Where the segment begins: its first line follows this position. */
  #start: Position;
  /** Null after an error: a handle that failed once is never used again. */
  #file: FileHandle | null;
  /** Bytes of the segment that are known to be on disk. */
  #size: number;

  private constructor(io: FileSystem, directory: string, start: Position, file: FileHandle, size: number) {
    this.#io = io;
    this.#directory = directory;
    this.#start = start;
    this.#file = file;
    this.#size = size;
  }

  /** Takes up the segment that follows `start`, whose content has been read and is `size` bytes long. */
  static async open(io: FileSystem, directory: string, start: Position, size: number): Promise<Journal> {
    const file = await openSegment(io, directory, start, size);
    return new Journal(io, directory, start, file, size);
  }

  /** Bytes in the present segment. */
  get size(): number {
    return this.#size;
  }

  /** The position that the present segment follows. */
  get segment(): number {
    return this.#start.seq;
  }

  /** On disk when it returns. Throws what the system said; then only `repair` brings the journal back. */
  async append(bytes: Buffer): Promise<void> {
    if (!this.#file) throw new Error("The journal has failed and was not repaired");
    try {
      await writeFully(this.#file, bytes);
      await this.#file.datasync();
    } catch (error) {
      await this.#abandon();
      throw error;
    }
    this.#size += bytes.length;
  }

  /** Begins a new segment after `position`, which is the end of the present one. */
  async begin(position: Position): Promise<void> {
    try {
      const file = await openSegment(this.#io, this.#directory, position, 0);
      await this.#abandon();
      this.#file = file;
      this.#start = position;
      this.#size = 0;
    } catch (error) {
      await this.#abandon();
      throw error;
    }
  }

  /** Cuts off what a failed write left behind the last durable line. */
  async cut(): Promise<void> {
    await this.#abandon();
    const file = await this.#io.open(this.#path, "r+");
    try {
      await file.truncate(this.#size);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /**
   * After a failure: proves that writing works again, that the segment still ends at `end`, and goes on in a new
   * segment. Throws when it is not so; it may then be tried again.
   */
  async repair(end: Position): Promise<void> {
    await this.cut();
    await this.#probe();
    await this.#check(end);
    await this.begin(end);
  }

  async close(): Promise<void> {
    await this.#abandon();
  }

  get #path(): string {
    return join(this.#directory, segmentName(this.#start.seq));
  }

  async #abandon(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    try {
      await file?.close();
    } catch {
      // A handle is gone after close, whatever close says; the data were judged by the sync before.
    }
  }

  async #probe(): Promise<void> {
    const path = join(this.#directory, `probe-${randomUUID()}.tmp`);
    try {
      await writeDurably(this.#io, path, Buffer.alloc(PROBE_BYTES, "\n"));
    } finally {
      await removeIfPresent(this.#io, path);
    }
  }

  async #check(end: Position): Promise<void> {
    const read = await readSegment(this.#io, this.#path, this.#start, () => {});
    if (read.problem) throw damaged(this.#path, read.problem.line, read.problem.what);
    if (!read.end.hash.equals(end.hash)) throw damaged(this.#path, null, "lines that were on disk are gone");
  }
}

async function openSegment(
  io: FileSystem,
  directory: string,
  start: Position,
  size: number,
): Promise<FileHandle> {
  const path = join(directory, segmentName(start.seq));
  const file = await io.open(path, "a", 0o600);
  try {
    const found = (await file.stat()).size;
    if (found !== size) throw damaged(path, null, `${size} bytes were expected, and there are ${found}`);
    await file.sync();
    await syncDirectory(io, directory);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
