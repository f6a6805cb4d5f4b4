import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { type FileSystem, removeIfPresent, syncDirectory, writeDurably, writeFully } from "./files.ts";
import { type Position, readSegment, segmentName } from "./segment.ts";
import { damaged, hasCode } from "./store-error.ts";

/** As much as a group of changes may need: less free space is not worth waking up for. */
const PROBE_BYTES = 64 * 1024;

/**
 * The file grows by so much at a time, in zeros that lines then take the place of: a sync of bytes that were there
 * before leaves the file system's own log alone (ext4: 1.4 times as many syncs a second).
 */
const AHEAD_BYTES = 256 * 1024;
const zeros = Buffer.alloc(AHEAD_BYTES);

/**
 * The end of the journal: appends to its last segment, and mends it after a failed write. That segment may end in zeros,
 * the others, and all of them after a clean stop, do not.
 */
export class Journal {
  readonly #io: FileSystem;
  readonly #directory: string;
  /** Where the segment begins: its first line follows this position. */
  #start: Position;
  /** Null after an error: a handle that failed once is never used again. */
  #file: FileHandle | null;
  /** Bytes of the segment that are known to be on disk. */
  #size: number;
  /** Where the zeros end that were written ahead. */
  #allocated: number;

  private constructor(io: FileSystem, directory: string, start: Position, file: FileHandle, size: number) {
    this.#io = io;
    this.#directory = directory;
    this.#start = start;
    this.#file = file;
    this.#size = size;
    this.#allocated = size;
  }

  /** Takes up the segment that follows `start`, whose content has been read and is `size` bytes long. */
  static async open(io: FileSystem, directory: string, start: Position, size: number): Promise<Journal> {
    const file = await openSegment(io, directory, start, size);
    return new Journal(io, directory, start, file, size);
  }

  /** Bytes of the lines in the present segment. */
  get size(): number {
    return this.#size;
  }

  /** The position that the present segment follows. */
  get segment(): number {
    return this.#start.seq;
  }

  /** On disk when it returns. Throws what the system said; then only `repair` brings the journal back. */
  async append(bytes: Buffer): Promise<void> {
    const file = this.#file;
    if (!file) throw new Error("The journal has failed and was not repaired");
    const end = this.#size + bytes.length;
    try {
      await writeFully(file, bytes, this.#size);
      if (end > this.#allocated) await this.#allocate(file, end);
      await file.datasync();
    } catch (error) {
      await this.#abandon();
      throw error;
    }
    this.#size = end;
  }

  /** Begins a new segment after `position`, which is the end of the present one. */
  async begin(position: Position): Promise<void> {
    try {
      // On disk before there is a next one, so that only the last segment is ever found with zeros.
      if (this.#file) await cutAt(this.#file, this.#size);
      const file = await openSegment(this.#io, this.#directory, position, 0);
      await this.#abandon();
      this.#file = file;
      this.#start = position;
      this.#size = 0;
      this.#allocated = 0;
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
      await cutAt(file, this.#size);
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
    try {
      if (this.#file) await cutAt(this.#file, this.#size);
    } catch {
      // The next start cuts the zeros off.
    }
    await this.#abandon();
  }

  get #path(): string {
    return join(this.#directory, segmentName(this.#start.seq));
  }

  /** Writes zeros behind `end`. Where they find no room, the line that did has all it needs. */
  async #allocate(file: FileHandle, end: number): Promise<void> {
    const allocated = Math.ceil(end / AHEAD_BYTES) * AHEAD_BYTES;
    try {
      await writeFully(file, zeros.subarray(0, allocated - end), end);
      this.#allocated = allocated;
    } catch (error) {
      if (!hasCode(error, "ENOSPC") && !hasCode(error, "EDQUOT")) throw error;
    }
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
  // Not "a": what is opened for appending cannot be written at a position.
  const file = await io.open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
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

/** Cuts off what stands behind the first `size` bytes, if anything does; on disk when it returns. */
async function cutAt(file: FileHandle, size: number): Promise<void> {
  if ((await file.stat()).size > size) await file.truncate(size);
  await file.sync();
}
