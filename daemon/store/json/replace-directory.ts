import { join } from "node:path";
import { OWNER_FILE } from "./directory-lock.ts";
import { type FileSystem, makeSubdirectory, messageOf, removeIfPresent, syncDirectory } from "./files.ts";
import { segmentStarts } from "./segment.ts";
import { AUDIT, namesIn } from "./segments.ts";
import { SNAPSHOT } from "./snapshot.ts";
import { StoreError } from "./store-error.ts";

/*
 * Replacing all that a data directory holds takes many steps, and a crash between two of them must leave either the old
 * or the new. So the new is made ready in a directory inside, whose name says how far things are:
 *
 *   incoming-STAMP.tmp      being made, or done with; a start removes it
 *   incoming-STAMP.ready    whole and on disk: from here on a start finishes what was begun; the old is linked aside
 *   incoming-STAMP.placing  the old is in before-restore-STAMP; the new is linked into its place
 *
 * Files are linked and not moved, since a power cut may undo one half of a move from a directory to another one.
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

/** What is replaced: all but backups, logs, the socket and what was set aside before. */
export function isContent(name: string): boolean {
  const isJournal = name.startsWith("torn-") || segmentStarts([name]).length > 0;
  return isJournal || [SNAPSHOT, OWNER_FILE, AUDIT].includes(name);
}

/** Puts what was made ready under `incomingName` in the place of what is there, which is kept under `asideName`. */
export async function replaceDirectory(io: FileSystem, directory: string, stamp: string): Promise<void> {
  const made = join(directory, incomingName(stamp));
  await tryLink(io, directory, join(made, SNAPSHOT));
  await syncContent(io, made);
  await io.rename(made, join(directory, `incoming-${stamp}.ready`));
  await syncDirectory(io, directory);
  await finishReplacing(io, directory);
}

/** Finishes what a crash interrupted, if anything; whatever step it was at. */
export async function finishReplacing(io: FileSystem, directory: string): Promise<void> {
  for (const name of await io.readdir(directory)) {
    const [, stamp, stage] = INCOMING.exec(name) ?? [];
    if (stamp === undefined) continue;
    if (stage === "ready") await linkAside(io, directory, stamp);
    await place(io, directory, stamp);
  }
}

async function linkAside(io: FileSystem, directory: string, stamp: string): Promise<void> {
  const old = await contentOf(io, directory);
  if (old.length > 0) {
    await makeSubdirectory(io, directory, asideName(stamp));
    await linkAll(io, directory, old, join(directory, asideName(stamp)));
  }
  await io.rename(join(directory, `incoming-${stamp}.ready`), join(directory, `incoming-${stamp}.placing`));
  await syncDirectory(io, directory);
}

async function place(io: FileSystem, directory: string, stamp: string): Promise<void> {
  const incoming = join(directory, `incoming-${stamp}.placing`);
  const names = await contentOf(io, incoming);
  await linkAll(io, incoming, names, directory);
  for (const name of await contentOf(io, directory)) {
    if (!names.includes(name)) await io.unlink(join(directory, name));
  }
  await syncContent(io, directory);
  // Only what is whole may be called placing: what is not in it is removed.
  const done = join(directory, incomingName(stamp));
  await io.rename(incoming, done);
  await syncDirectory(io, directory);
  await io.rm(done, { recursive: true });
}

/** The files in a directory that are replaced, by their paths in it. */
async function contentOf(io: FileSystem, directory: string): Promise<string[]> {
  const names = (await io.readdir(directory)).filter((name) => isContent(name) && name !== AUDIT);
  const sealed = await namesIn(io, join(directory, AUDIT));
  return [...names, ...sealed.filter((name) => !name.endsWith(".tmp")).map((name) => join(AUDIT, name))];
}

/** Links the files into another directory, each in the place of what is there; on disk when it returns. */
async function linkAll(io: FileSystem, from: string, names: readonly string[], to: string): Promise<void> {
  if (names.some((name) => name.startsWith(AUDIT))) await makeSubdirectory(io, to, AUDIT);
  for (const name of names) await linkOver(io, join(from, name), join(to, name));
  await syncContent(io, to);
}

async function linkOver(io: FileSystem, from: string, to: string): Promise<void> {
  const temporary = `${to}.tmp`;
  await removeIfPresent(io, temporary);
  await io.link(from, temporary);
  await io.rename(temporary, to);
  // POSIX renames nothing where both names are of one file.
  await removeIfPresent(io, temporary);
}

/** Before it is too late to turn back. */
async function tryLink(io: FileSystem, directory: string, path: string): Promise<void> {
  try {
    await io.link(path, `${path}.tmp`);
  } catch (error) {
    const message = `${directory}: files cannot be linked there (${messageOf(error)}). Choose another --data`;
    throw new StoreError(message, { cause: error });
  }
  await io.unlink(`${path}.tmp`);
}

async function syncContent(io: FileSystem, directory: string): Promise<void> {
  const hasAudit = (await io.readdir(directory)).includes(AUDIT);
  if (hasAudit) await syncDirectory(io, join(directory, AUDIT));
  await syncDirectory(io, directory);
}
