import type { FileHandle } from "node:fs/promises";
import * as promises from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasCode, StoreError } from "./store-error.ts";

/** The file system as far as the store uses it; tests put failing writes and syncs in its place. */
export type FileSystem = Pick<
  typeof promises,
  "link" | "mkdir" | "open" | "readdir" | "rename" | "rm" | "stat" | "unlink"
>;

export const fileSystem: FileSystem = promises;

/**
 * Writes all of `bytes` at the handle's position, or the one that is given; a short write is not an error to the system,
 * so it loops.
 */
export async function writeFully(file: FileHandle, bytes: Buffer, start?: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const position = start === undefined ? null : start + written;
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position);
    written += bytesWritten;
  }
}

/** Reads from `start` to the end, or `length` bytes where the file has them. */
export async function readFrom(file: FileHandle, start: number, length?: number): Promise<Buffer> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(Math.max(0, Math.min(length ?? size, size - start)));
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}

/** Makes names that were added to or changed in a directory durable. */
export async function syncDirectory(io: FileSystem, directory: string): Promise<void> {
  const handle = await io.open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a file of mode 0600 with these bytes, on disk when it returns; the directory's entry is not synced. */
export async function writeDurably(io: FileSystem, path: string, bytes: Buffer): Promise<void> {
  const file = await io.open(path, "w", 0o600);
  try {
    await writeFully(file, bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes a file that may be absent. */
export async function removeIfPresent(io: FileSystem, path: string): Promise<void> {
  try {
    await io.unlink(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}

/** Creates the data directory where it is absent, and refuses one that others may read. */
export async function prepareDirectory(io: FileSystem, directory: string): Promise<void> {
  try {
    await makeDirectory(io, directory);
  } catch (error) {
    const message = `${directory}: the data directory cannot be made (${messageOf(error)}). Choose another --data`;
    throw new StoreError(message, { cause: error });
  }
  await checkModes(io, [directory]);
}

/** Makes the directory and its parents. Node's own recursive form never ends under /proc, where ENOENT has another cause. */
async function makeDirectory(io: FileSystem, directory: string): Promise<void> {
  const parent = dirname(directory);
  try {
    await io.mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if (hasCode(error, "EEXIST") && (await io.stat(directory)).isDirectory()) return;
    if (!hasCode(error, "ENOENT") || (await exists(io, parent))) throw error;
    await makeDirectory(io, parent);
    await io.mkdir(directory, { mode: 0o700 });
  }
  await syncDirectory(io, parent);
}

async function exists(io: FileSystem, path: string): Promise<boolean> {
  try {
    await io.stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}

/** Makes a directory of mode 0700 in one that is there, where it is absent; on disk when it returns. */
export async function makeSubdirectory(io: FileSystem, directory: string, name: string): Promise<void> {
  try {
    await io.mkdir(join(directory, name), { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
  await syncDirectory(io, directory);
}

/** The first of `paths` that others may use is refused, with the command that mends it. */
export async function checkModes(io: FileSystem, paths: readonly string[]): Promise<void> {
  const [loose] = await looseModes(io, paths);
  if (loose !== undefined) throw new StoreError(loose);
}

/** One line for each of `paths` that others may use, with the command that mends it. */
export async function looseModes(io: FileSystem, paths: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const path of paths) {
    const stats = await io.stat(path);
    const mode = stats.mode & 0o777;
    if ((mode & 0o077) === 0) continue;
    const [has, wants] = [mode, stats.isDirectory() ? 0o700 : 0o600].map((bits) =>
      bits.toString(8).padStart(4, "0"),
    );
    lines.push(`${path}: others may use it (mode ${has}). Run: chmod ${wants} '${path}'`);
  }
  return lines;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
