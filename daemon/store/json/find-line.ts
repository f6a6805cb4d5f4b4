import type { FileHandle } from "node:fs/promises";
import { readFrom } from "./files.ts";
import { firstPosition, HEAD_LENGTH } from "./line.ts";

/** Most lines end within it; a long one is read in growing pieces. */
const FIRST_CHUNK = 4096;
const NEWLINE = 10;

/**
 * Where the line begins that holds position `seq`, if one among the segment's first `size` bytes does; else the last
 * line before. Throws `LineProblem`.
 */
export async function findLine(file: FileHandle, size: number, seq: number): Promise<number> {
  let found = 0;
  let [low, high] = [1, size];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const line = await endOfLine(file, size, middle - 1);
    if (line < size && firstPosition(await readFrom(file, line, HEAD_LENGTH)) <= seq) {
      found = line;
      low = line + 1;
    } else {
      high = middle;
    }
  }
  return found;
}

/** Where the line that byte `at` is in ends, its newline included; at most `size`. */
export async function endOfLine(file: FileHandle, size: number, at: number): Promise<number> {
  let length = FIRST_CHUNK;
  for (let position = at; position < size; ) {
    const newline = (await readFrom(file, position, length)).indexOf(NEWLINE);
    if (newline >= 0) return Math.min(position + newline + 1, size);
    position += length;
    length *= 2;
  }
  return size;
}
