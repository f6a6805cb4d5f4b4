import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Change } from "./collections.ts";
import type { Directory } from "./directory.ts";
import { OWNER_FILE } from "./directory-lock.ts";
import { type FileSystem, readFrom } from "./files.ts";
import { recordsOf, tablesOf } from "./record-runs.ts";
import { applyLine, type LastSegment } from "./replay.ts";
import { readSegment, type SegmentRead, segmentName, segmentStarts } from "./segment.ts";
import { SNAPSHOT } from "./snapshot.ts";
import { ACCEPT_EDIT, CHANGED, type SnapshotContent, SnapshotReader } from "./snapshot-reader.ts";
import { damaged, hasCode } from "./store-error.ts";
import { tailKind } from "./tail.ts";

/** The line that a record came from: what to name when something is wrong with it. */
export type Origins = WeakMap<object, { file: string; line: number }>;

export interface ReadDirectory {
  directory: Directory;
  origins: Origins;
  /** The last segment, to go on in. */
  last: LastSegment;
}

/** Reads a data directory that nobody writes to and changes nothing in it. Throws `StoreError` for damage. */
export async function readDirectory(io: FileSystem, path: string): Promise<ReadDirectory> {
  const snapshot = await readSnapshot(io, path);
  if (!snapshot.intact) throw damaged(join(path, SNAPSHOT), null, CHANGED, ACCEPT_EDIT);
  return replayOnto(io, path, snapshot);
}

/** The content of the snapshot, whether or not it is what its checksum says. */
export async function readSnapshot(io: FileSystem, path: string): Promise<SnapshotContent> {
  const file = await openSnapshot(io, join(path, SNAPSHOT));
  try {
    return await new SnapshotReader(join(path, SNAPSHOT)).readContent(file);
  } finally {
    await file.close();
  }
}

async function openSnapshot(io: FileSystem, path: string): Promise<FileHandle> {
  try {
    return await io.open(path, "r");
  } catch (error) {
    if (hasCode(error, "ENOENT")) throw damaged(path, null, "it is missing");
    throw error;
  }
}

/** The directory at the journal's end; an unfinished write there is passed over, as a start would cut it off. */
export async function replayOnto(
  io: FileSystem,
  path: string,
  { header, runs }: SnapshotContent,
): Promise<ReadDirectory> {
  const directory: Directory = { ...header, tables: tablesOf(runs) };
  const origins: Origins = new WeakMap();
  for (const { record, line } of recordsOf(runs)) origins.set(record, { file: join(path, SNAPSHOT), line });
  let last: LastSegment = { start: header, size: 0 };
  const names = await io.readdir(path);
  const starts = segmentStarts(names).filter((seq) => seq >= header.seq);
  if (starts.length === 0 && names.includes(OWNER_FILE)) {
    throw damaged(join(path, segmentName(header.seq)), null, "it is missing");
  }
  for (const seq of starts) {
    const file = join(path, segmentName(seq));
    if (seq !== directory.seq) throw damaged(file, null, `it does not follow position ${directory.seq}`);
    const start = { seq, hash: directory.hash };
    let number = 0;
    const read = await readSegment(io, file, start, (line) => {
      number += 1;
      applyLine(directory, line);
      for (const change of line.changes ?? []) note(origins, change, file, number);
    });
    const isLast = seq === starts.at(-1);
    if (read.problem && !(isLast && (await isCutAtStart(io, file, read)))) {
      throw damaged(file, read.problem.line, read.problem.what);
    }
    directory.seq = read.end.seq;
    directory.hash = read.end.hash;
    last = { start, size: read.size };
  }
  return { directory, origins, last };
}

function note(origins: Origins, [verb, , what]: Change, file: string, line: number): void {
  if (verb === "put") origins.set(what, { file, line });
}

async function isCutAtStart(io: FileSystem, path: string, { size, end }: SegmentRead): Promise<boolean> {
  const file = await io.open(path, "r");
  try {
    return tailKind(await readFrom(file, size), end.seq) !== "damaged";
  } finally {
    await file.close();
  }
}
