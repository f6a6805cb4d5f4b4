import type { FileHandle } from "node:fs/promises";
import { firstPosition, HEAD_LENGTH } from "./line.ts";
import { readAt } from "./read-lines.ts";

/** Most lines end within it; a long one is read in growing pieces. */
const FIRST_CHUNK = 4096;
/** The line is sought by halves, and one by one in what can be read at once. */
const NEAR = 64 * 1024;
const NEWLINE = 10;

/**
 * Where the line begins that holds position `seq`, if one among the segment's first `size` bytes does; else the last
 * line before. Throws `LineProblem`.
 */
export async function findLine(file: FileHandle, size: number, seq: number): Promise<number> {
  let [low, high] = [0, size];
  // It is mostly near the end.
  let middle = size - NEAR;
  while (high - low > NEAR) {
    const line = await endOfLine(file, size, middle);
    if (line < high && firstPosition(await readAt(file, line, HEAD_LENGTH)) <= seq) low = line;
    else high = middle + 1;
    middle = Math.floor((low + high) / 2);
  }
  return low + lastLineUpTo(seq, await readAt(file, low, high - low + HEAD_LENGTH), high - low);
}

/** Where the last line begins that does, by its first position, not come after `seq`, among those that begin before `end`. */
export function lastLineUpTo(seq: number, bytes: Buffer, end: number): number {
  let found = 0;
  for (let line = 0; line < end; ) {
    if (firstPosition(bytes.subarray(line, line + HEAD_LENGTH)) > seq) break;
    found = line;
    const newline = bytes.indexOf(NEWLINE, line);
    if (newline < 0) break;
    line = newline + 1;
  }
  return found;
}

/** Where the line that byte `at` is in ends, its newline included; at most `size`. */
export async function endOfLine(file: FileHandle, size: number, at: number): Promise<number> {
  let length = FIRST_CHUNK;
  for (let position = at; position < size; ) {
    const newline = (await readAt(file, position, length)).indexOf(NEWLINE);
    if (newline >= 0) return Math.min(position + newline + 1, size);
    position += length;
    length *= 2;
  }
  return size;
}
