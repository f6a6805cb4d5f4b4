import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { Adapter } from "lowdb";
import type { Collection, Records } from "../records.ts";
import { collections } from "./collections.ts";
import { anchorData, type Directory } from "./directory.ts";
import type { FileSystem } from "./files.ts";
import { replaceFile, SLICE } from "./replace-file.ts";
import { SnapshotReader } from "./snapshot-reader.ts";
import { hasCode } from "./store-error.ts";

/** The snapshot's name in a data directory. */
export const SNAPSHOT = "users.json";

/** lowdb's adapter for `users.json`: record by record both ways, replaced as a whole or not at all. */
export class SnapshotFile implements Adapter<Directory> {
  readonly path: string;
  readonly #io: FileSystem;
  readonly #stop = new AbortController();
  #bytes = 0;

  constructor(path: string, io: FileSystem) {
    this.path = path;
    this.#io = io;
  }

  /** The size of the file, once it was read or written. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Null when there is no file; throws `StoreError` when its content is not what `write` wrote. */
  async read(): Promise<Directory | null> {
    const file = await this.#openIfPresent();
    if (!file) return null;
    try {
      this.#bytes = (await file.stat()).size;
      return await new SnapshotReader(this.path).read(file);
    } finally {
      await file.close();
    }
  }

  /**
   * Writes the directory as it is at the moment of the call, however it changes meanwhile. Throws what the system said,
   * or once it was told to stop, and leaves the file as it was.
   */
  async write(directory: Directory): Promise<void> {
    const slices = withChecksum(linesOf(directory), this.#stop.signal);
    this.#bytes = await replaceFile(this.#io, this.path, slices);
  }

  /** Ends a write that is under way soon, without a file, and every later one at once. */
  stop(): void {
    this.#stop.abort(new Error("there was no time to write it"));
  }

  async #openIfPresent(): Promise<FileHandle | null> {
    try {
      return await this.#io.open(this.path, "r");
    } catch (error) {
      if (hasCode(error, "ENOENT")) return null;
      throw error;
    }
  }
}

/** Takes hold of every record at once; the text is made as it is asked for. */
function linesOf({ format, epoch, seq, hash, anchor, tables }: Directory): Iterable<string> {
  const header = { format, epoch, seq, hash: hash.toString("hex"), anchor: anchorData(anchor) };
  const parts = collections.map((name) => [name, tables.view(name).all()] as const);
  return textOf(header, parts);
}

function* textOf(header: object, parts: (readonly [Collection, Records[Collection][]])[]): Generator<string> {
  yield `${JSON.stringify(header).slice(0, -1)},\n`;
  for (const [name, records] of parts) {
    yield `"${name}":[\n`;
    const last = records.length - 1;
    for (const [index, record] of records.entries()) {
      yield JSON.stringify(record) + (index < last ? ",\n" : "\n");
    }
    yield "],\n";
  }
}

/** The text in slices, and the checksum over it. */
function* withChecksum(lines: Iterable<string>, stop: AbortSignal): Generator<Buffer> {
  const checksum = createHash("sha256");
  for (const slice of slices(lines)) {
    stop.throwIfAborted();
    checksum.update(slice);
    yield slice;
  }
  yield Buffer.from(`"checksum":"${checksum.digest("hex")}"}\n`);
}

function* slices(lines: Iterable<string>): Generator<Buffer> {
  let text = "";
  for (const line of lines) {
    text += line;
    if (text.length < SLICE) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (text) yield Buffer.from(text);
}
