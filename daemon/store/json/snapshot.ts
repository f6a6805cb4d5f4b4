import { createHash, randomUUID } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { Adapter } from "lowdb";
import type { Collection, Records } from "../records.ts";
import { collections } from "./collections.ts";
import type { Directory } from "./directory.ts";
import { type FileSystem, removeIfPresent, syncDirectory, writeFully } from "./files.ts";
import { FORMAT, SnapshotReader } from "./snapshot-reader.ts";
import { hasCode } from "./store-error.ts";

/** Small enough that writing one of them out never holds the event loop for long. */
const SLICE = 64 * 1024;
/** Synced as it grows, so that the last sync is short and the journal's own never wait for all of it. */
const SYNC_EVERY = 4 * 1024 * 1024;

/** lowdb's adapter for `users.json`: record by record both ways, replaced as a whole or not at all. */
export class SnapshotFile implements Adapter<Directory> {
  readonly path: string;
  readonly #io: FileSystem;
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

  /** Writes the directory as it is at the moment of the call, however it changes meanwhile. */
  async write(directory: Directory): Promise<void> {
    const lines = linesOf(directory);
    const temporary = `${this.path}.${randomUUID()}.tmp`;
    try {
      const bytes = await this.#writeLines(temporary, lines);
      await this.#io.rename(temporary, this.path);
      this.#bytes = bytes;
    } catch (error) {
      // What cannot be removed now is removed at the next start.
      await removeIfPresent(this.#io, temporary).catch(() => {});
      throw error;
    }
    await syncDirectory(this.#io, dirname(this.path));
  }

  async #openIfPresent(): Promise<FileHandle | null> {
    try {
      return await this.#io.open(this.path, "r");
    } catch (error) {
      if (hasCode(error, "ENOENT")) return null;
      throw error;
    }
  }

  async #writeLines(path: string, lines: Iterable<string>): Promise<number> {
    const file = await this.#io.open(path, "wx", 0o600);
    try {
      const checksum = createHash("sha256");
      let bytes = 0;
      let synced = 0;
      for (const slice of slices(lines)) {
        checksum.update(slice);
        await writeFully(file, slice);
        bytes += slice.length;
        if (bytes - synced < SYNC_EVERY) continue;
        await file.datasync();
        synced = bytes;
      }
      await writeFully(file, Buffer.from(`"checksum":"${checksum.digest("hex")}"}\n`));
      await file.sync();
      return bytes;
    } finally {
      await file.close();
    }
  }
}

/** Takes hold of every record at once; the text is made as it is asked for. */
function linesOf({ epoch, seq, hash, tables }: Directory): Iterable<string> {
  const header = { format: FORMAT, epoch, seq, hash: hash.toString("hex") };
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
