import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { type FileSystem, removeIfPresent, syncDirectory, writeFully } from "./files.ts";

/** Synced as it grows, so that the last sync is short and the journal's own never wait for all of it. */
const SYNC_EVERY = 4 * 1024 * 1024;

/** Small enough that making or writing one of them never holds the event loop for long. */
export const SLICE = 64 * 1024;

/**
 * Puts a file of mode 0600 in its place as a whole or not at all, name included on disk when it returns; returns its
 * size. What throws while making the slices is thrown on, and the file stays as it was.
 */
export async function replaceFile(
  io: FileSystem,
  path: string,
  slices: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<number> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  let bytes: number;
  try {
    bytes = await write(io, temporary, slices);
    await io.rename(temporary, path);
  } catch (error) {
    // What cannot be removed now is removed at the next start.
    await removeIfPresent(io, temporary).catch(() => {});
    throw error;
  }
  await syncDirectory(io, dirname(path));
  return bytes;
}

async function write(
  io: FileSystem,
  path: string,
  slices: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<number> {
  const file = await io.open(path, "wx", 0o600);
  try {
    let bytes = 0;
    let synced = 0;
    for await (const slice of slices) {
      await writeFully(file, slice);
      bytes += slice.length;
      if (bytes - synced < SYNC_EVERY) continue;
      await file.datasync();
      synced = bytes;
    }
    await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}
