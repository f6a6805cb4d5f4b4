import { join } from "node:path";
import { type DirectoryLock, lockDirectory, OWNER_FILE } from "./directory-lock.ts";
import { type FileSystem, prepareDirectory } from "./files.ts";
import { isInitialised } from "./open-directory.ts";
import { finishReplacing, isBeingReplaced } from "./replace-directory.ts";
import { SNAPSHOT } from "./snapshot.ts";
import { hasCode, StoreError } from "./store-error.ts";

/**
 * Takes a data directory that has been in use, for a command. Throws `StoreError` when there is none, or another
 * process has it.
 */
export async function holdDirectory(io: FileSystem, directory: string): Promise<DirectoryLock> {
  await assertInitialised(io, directory);
  await prepareDirectory(io, directory);
  const lock = await lockDirectory(io, directory);
  try {
    await finishReplacing(io, directory);
    return lock;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Throws `StoreError` where a daemon would begin a new directory. */
export async function assertInitialised(io: FileSystem, directory: string): Promise<void> {
  const names = await namesIn(io, directory);
  if (names.includes(SNAPSHOT) || isInitialised(names) || isBeingReplaced(names)) {
    await assertOwn(io, directory);
    return;
  }
  throw new StoreError(`${directory}: no directory of rosterd is kept here. Name the right one with --data`);
}

/** Throws `StoreError` where the daemon runs as another user, who could not read what a command of this one writes. */
export async function assertOwn(io: FileSystem, directory: string): Promise<void> {
  const own = process.geteuid?.();
  const names = await namesIn(io, directory);
  const written = [OWNER_FILE, SNAPSHOT].find((name) => names.includes(name));
  if (own === undefined || written === undefined) return;
  const { uid } = await io.stat(join(directory, written));
  if (uid === own) return;
  throw new StoreError(
    `${directory}: it belongs to the user with the id ${uid}. Run this as that user: sudo -u '#${uid}' rosterd …`,
  );
}

async function namesIn(io: FileSystem, directory: string): Promise<string[]> {
  try {
    return await io.readdir(directory);
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return [];
    throw error;
  }
}
