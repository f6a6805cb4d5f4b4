import type { FileHandle } from "node:fs/promises";
import { readFrom } from "./files.ts";

const CHUNK = 1 << 20;
/** Smaller, since who reads backwards mostly wants little. */
const BACKWARD_CHUNK = 128 * 1024;
const NEWLINE = 10;

/** Lines with their newlines, and the bytes that they are in: together, they are the file. */
export interface LineBlock {
  bytes: Buffer;
  lines: Buffer[];
}

/** Reads a file of any size, or a part that begins with a line, chunk by chunk; only the last line may lack its newline. */
export async function* readLines(
  file: FileHandle,
  start = 0,
  end?: number,
  chunkBytes = CHUNK,
): AsyncGenerator<LineBlock> {
  const size = end ?? (await file.stat()).size;
  let begun: Buffer[] = [];
  for (let position = start; position < size; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(chunkBytes, size - position)), {
      position,
    });
    if (bytesRead === 0) break;
    position += bytesRead;
    const chunk = buffer.subarray(0, bytesRead);
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      begun.push(chunk);
      continue;
    }
    yield cut(Buffer.concat([...begun, chunk.subarray(0, end)]));
    begun = end < chunk.length ? [chunk.subarray(end)] : [];
  }
  if (begun.length > 0) yield cut(Buffer.concat(begun));
}

/** Reads the lines before `end`, which is where a line ends, from the last one to the first. */
export async function* readLinesBackwards(file: FileHandle, end: number): AsyncGenerator<Buffer> {
  /** The end of a line whose beginning has not been read yet. */
  let ended: Buffer[] = [];
  for (let position = end; position > 0; ) {
    const start = Math.max(0, position - BACKWARD_CHUNK);
    const chunk = await readFrom(file, start, position - start);
    position = start;
    const whole = start === 0 ? 0 : chunk.indexOf(NEWLINE) + 1;
    if (start > 0 && whole === 0) {
      ended.unshift(chunk);
      continue;
    }
    yield* cut(Buffer.concat([chunk.subarray(whole), ...ended])).lines.reverse();
    ended = [chunk.subarray(0, whole)];
  }
}

function cut(bytes: Buffer): LineBlock {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return { bytes, lines };
}
