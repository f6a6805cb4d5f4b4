import { join } from "node:path";
import { OWNER_FILE } from "./directory-lock.ts";
import { type FileSystem, syncDirectory } from "./files.ts";
import { segmentStarts } from "./segment.ts";
import { SNAPSHOT } from "./snapshot.ts";
import { hasCode } from "./store-error.ts";

/*
 * Replacing all that a data directory holds is a matter of several renames, and a crash between two of them must leave
 * either the old or the new. So the new is made ready in a directory inside, whose name says how far things are:
 *
 *   incoming-STAMP.tmp      being made; a start removes it
 *   incoming-STAMP.ready    whole and on disk: from here on a start finishes what was begun; the old moves aside
 *   incoming-STAMP.placing  the old is in before-restore-STAMP; the new moves in
 */
const INCOMING = /^incoming-(.+)\.(ready|placing)$/;

/** Where the new is made ready. */
export function incomingName(stamp: string): string {
  return `incoming-${stamp}.tmp`;
}

/** Where the old is kept. */
export function asideName(stamp: string): string {
  return `before-restore-${stamp}`;
}

/** Whether among these names is what a replacement left that was interrupted. */
export function isBeingReplaced(names: readonly string[]): boolean {
  return names.some((name) => INCOMING.test(name));
}

/** Puts what was made ready under `incomingName(stamp)` in the place of what is there, which is kept under `asideName(stamp)`. */
export async function replaceDirectory(io: FileSystem, directory: string, stamp: string): Promise<void> {
  await io.rename(join(directory, incomingName(stamp)), join(directory, `incoming-${stamp}.ready`));
  await syncDirectory(io, directory);
  await finishReplacing(io, directory);
}

/** Finishes what a crash interrupted, if anything; whatever step it was at. */
export async function finishReplacing(io: FileSystem, directory: string): Promise<void> {
  for (const name of await io.readdir(directory)) {
    const [, stamp, stage] = INCOMING.exec(name) ?? [];
    if (stamp === undefined) continue;
    if (stage === "ready") await moveAside(io, directory, stamp);
    await moveIn(io, directory, stamp);
  }
}

async function moveAside(io: FileSystem, directory: string, stamp: string): Promise<void> {
  const old = (await io.readdir(directory)).filter(isContent);
  const aside = join(directory, asideName(stamp));
  if (old.length > 0) await makeDirectory(io, aside);
  for (const name of old) await io.rename(join(directory, name), join(aside, name));
  if (old.length > 0) await syncDirectory(io, aside);
  await syncDirectory(io, directory);
  await io.rename(join(directory, `incoming-${stamp}.ready`), join(directory, `incoming-${stamp}.placing`));
  await syncDirectory(io, directory);
}

async function moveIn(io: FileSystem, directory: string, stamp: string): Promise<void> {
  const incoming = join(directory, `incoming-${stamp}.placing`);
  for (const name of await io.readdir(incoming)) await io.rename(join(incoming, name), join(directory, name));
  await syncDirectory(io, directory);
  await io.rmdir(incoming);
  await syncDirectory(io, directory);
}

/** What is replaced: all but backups, logs, the socket and what was set aside before. */
export function isContent(name: string): boolean {
  return (
    [SNAPSHOT, OWNER_FILE, "audit"].includes(name) ||
    name.startsWith("torn-") ||
    segmentStarts([name]).length > 0
  );
}

async function makeDirectory(io: FileSystem, path: string): Promise<void> {
  try {
    await io.mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
}
