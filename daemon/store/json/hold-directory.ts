import { type DirectoryLock, lockDirectory } from "./directory-lock.ts";
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
  if (names.includes(SNAPSHOT) || isInitialised(names) || isBeingReplaced(names)) return;
  throw new StoreError(`${directory}: no directory of rosterd is kept here. Name the right one with --data`);
}

async function namesIn(io: FileSystem, directory: string): Promise<string[]> {
  try {
    return await io.readdir(directory);
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return [];
    throw error;
  }
}
