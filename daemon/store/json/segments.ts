import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { FileSystem } from "./files.ts";
import { entriesOf, LineProblem, statedHash } from "./line.ts";
import { readLinesBackwards } from "./read-lines.ts";
import { type Position, segmentName, segmentStarts } from "./segment.ts";
import { damaged, hasCode } from "./store-error.ts";

/** Where sealed segments are, in the data directory. */
export const AUDIT = "audit";

/** A file of the journal. */
export interface Segment {
  path: string;
  /** Its first line follows this position. */
  start: number;
  /** It is in `audit/`, without what was changed. */
  sealed: boolean;
}

export function sealedPath(directory: string, start: number): string {
  return join(directory, AUDIT, segmentName(start));
}

/**
 * The journal's files, by where they begin. From when a segment was sealed until its live file is removed, the last
 * sealed file has its lines too.
 */
export async function listSegments(io: FileSystem, directory: string): Promise<Segment[]> {
  // Live ones first: what is sealed meanwhile is found twice rather than nowhere.
  const live = segmentStarts(await io.readdir(directory));
  const sealed = segmentStarts(await namesIn(io, join(directory, AUDIT)));
  return [
    ...sealed.map((start) => ({ path: sealedPath(directory, start), start, sealed: true })),
    ...live.map((start) => ({ path: join(directory, segmentName(start)), start, sealed: false })),
  ].sort((a, b) => a.start - b.start);
}

/** The one that holds position `seq`, if any does. */
export function segmentHolding(segments: readonly Segment[], seq: number): Segment | undefined {
  return segments.findLast(({ start }) => start < seq);
}

export interface SegmentEnd extends Position {
  /** The instant of the last entry. */
  at: string;
}

/** The end of a segment by what its last line says of itself. Throws `StoreError` when there is no such line. */
export async function segmentEnd(io: FileSystem, { path }: Segment): Promise<SegmentEnd> {
  const file = await io.open(path, "r");
  try {
    return await endOf(file);
  } catch (error) {
    if (error instanceof LineProblem) throw damaged(path, null, `of its last line, ${error.message}`);
    throw error;
  } finally {
    await file.close();
  }
}

async function endOf(file: FileHandle): Promise<SegmentEnd> {
  for await (const lines of readLinesBackwards(file, (await file.stat()).size)) {
    const bytes = lines.at(-1) ?? Buffer.alloc(0);
    const last = entriesOf(bytes).at(-1);
    if (!last) throw new LineProblem("it holds no entries");
    return { seq: last.seq, at: last.at, hash: statedHash(bytes.subarray(0, -1)) };
  }
  throw new LineProblem("there is none");
}

/** Of a directory that may not be there. */
export async function namesIn(io: FileSystem, directory: string): Promise<string[]> {
  try {
    return await io.readdir(directory);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
