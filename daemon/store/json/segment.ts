import type { FileSystem } from "./files.ts";
import { decodeLine, type Line, LineProblem } from "./line.ts";
import { readLines } from "./read-lines.ts";

/** A place between two lines of the journal: the last position before it, and the hash of the line that ends there. */
export interface Position {
  seq: number;
  hash: Buffer;
}

/** How far a segment could be read. */
export interface SegmentRead {
  end: Position;
  /** Bytes of the lines that were read. */
  size: number;
  /** Why reading stopped before the file's end: the line's number from 1, and what is wrong with it. */
  problem: { line: number; what: string } | null;
}

const NAME = /^journal-([0-9]+)\.jsonl$/;
const NEWLINE = 10;

/** The name of the segment whose first line follows position `seq`. */
export function segmentName(seq: number): string {
  return `journal-${seq + 1}.jsonl`;
}

/** The positions that the segments among these file names follow, in order. */
export function segmentStarts(names: readonly string[]): number[] {
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map((first) => Number(first) - 1)
    .sort((a, b) => a - b);
}

/** Reads the lines after `start` with their chain checked and hands each to `take`, up to the first bad one. */
export async function readSegment(
  io: FileSystem,
  path: string,
  start: Position,
  take: (line: Line) => void,
): Promise<SegmentRead> {
  let end = start;
  let size = 0;
  let number = 0;
  const file = await io.open(path, "r");
  try {
    for await (const lines of readLines(file)) {
      for (const bytes of lines) {
        number += 1;
        const { line, next } = readLine(end, bytes);
        take(line);
        end = next;
        size += bytes.length;
      }
    }
  } catch (error) {
    if (!(error instanceof LineProblem)) throw error;
    return { end, size, problem: { line: number, what: error.message } };
  } finally {
    await file.close();
  }
  return { end, size, problem: null };
}

function readLine(after: Position, bytes: Buffer): { line: Line; next: Position } {
  if (bytes.at(-1) !== NEWLINE) throw new LineProblem("its end is missing");
  const { line, hash } = decodeLine(after.hash, bytes.subarray(0, -1));
  let { seq } = after;
  for (const entry of line.entries) {
    seq += 1;
    if (entry.seq !== seq) throw new LineProblem(`position ${seq} is missing`);
  }
  return { line, next: { seq, hash } };
}
