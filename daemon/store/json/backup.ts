import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import {
  BACKUP_FORMAT,
  MANIFEST,
  manifestText,
  memberNameOf,
  SUMS,
  type Sum,
  sumsText,
} from "./backup-form.ts";
import { type FileSystem, readFrom } from "./files.ts";
import { replaceFile } from "./replace-file.ts";
import type { Position } from "./segment.ts";
import { hasCode, StoreError } from "./store-error.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar.ts";

/** A file that goes into a backup, up to its first `bytes` bytes, which hold still. */
export interface BackedUpFile {
  /** In the data directory. */
  name: string;
  bytes: number;
  open: () => Promise<FileHandle>;
}

export interface BackupSource {
  files: readonly BackedUpFile[];
  /** The end of what they hold. */
  tip: Position & { epoch: string };
  /** Milliseconds since the epoch. */
  now: number;
  /** Ends the work early. */
  signal: AbortSignal;
}

export interface WrittenBackup {
  file: string;
  bytes: number;
  /** Of the whole file, hex. */
  sha256: string;
}

/** Small enough that one of them never holds the event loop for long. */
const CHUNK = 256 * 1024;

/** Writes a backup of mode 0600 to a file that is not there yet; on disk, whole, when it returns. */
export async function writeBackup(
  io: FileSystem,
  path: string,
  source: BackupSource,
): Promise<WrittenBackup> {
  await refuseToReplace(io, path);
  const sum = createHash("sha256");
  const bytes = await replaceFile(io, path, summed(sum, archiveOf(source)));
  return { file: path, bytes, sha256: sum.digest("hex") };
}

async function refuseToReplace(io: FileSystem, path: string): Promise<void> {
  try {
    await io.stat(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  throw new StoreError(`${path}: there is a file of this name already. Choose another name`);
}

/** The bytes of the tar file. */
async function* archiveOf({ files, tip, now, signal }: BackupSource): AsyncGenerator<Buffer> {
  const sums: Sum[] = [];

  async function* member(name: string, bytes: number, content: Chunks): AsyncGenerator<Buffer> {
    const sum = createHash("sha256");
    yield tarHeader({ name: memberNameOf(name), bytes, modifiedAt: Math.floor(now / 1000) });
    yield* summed(sum, content);
    yield tarPadding(bytes);
    sums.push({ name, sha256: sum.digest("hex") });
  }

  async function* textMember(name: string, text: string): AsyncGenerator<Buffer> {
    const bytes = Buffer.from(text);
    yield* member(name, bytes.length, [bytes]);
  }

  const { epoch, seq, hash } = tip;
  const createdAt = new Date(now).toISOString();
  const manifest = { format: BACKUP_FORMAT, createdAt, epoch, seq, hash: hash.toString("hex") };
  yield* textMember(MANIFEST, manifestText(manifest));
  for (const file of files) yield* member(file.name, file.bytes, chunksOf(file, signal));
  yield* textMember(SUMS, sumsText(sums));
  yield tarEnd;
}

async function* chunksOf({ name, bytes, open }: BackedUpFile, signal: AbortSignal): AsyncGenerator<Buffer> {
  const file = await open();
  try {
    for (let position = 0; position < bytes; position += CHUNK) {
      signal.throwIfAborted();
      const wanted = Math.min(CHUNK, bytes - position);
      const chunk = await readFrom(file, position, wanted);
      if (chunk.length < wanted) throw new Error(`${name} became shorter while it was backed up`);
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

type Chunks = AsyncIterable<Buffer> | Iterable<Buffer>;

async function* summed(sum: Hash, chunks: Chunks): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    sum.update(chunk);
    yield chunk;
  }
}
