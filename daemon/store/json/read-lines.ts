import type { FileHandle } from "node:fs/promises";
import { readFrom } from "./files.ts";

const CHUNK = 1 << 20;
/** Smaller, since who reads backwards mostly wants little. */
const BACKWARD_CHUNK = 128 * 1024;
const NEWLINE = 10;

/**
 * Reads a file of any size, or a part that begins with a line: some lines at a time, with their newlines, which only the
 * last one may lack.
 */
export async function* readLines(
  file: FileHandle,
  start = 0,
  end?: number,
  chunkBytes = CHUNK,
): AsyncGenerator<Buffer[]> {
  for await (const bytes of readBlocks(file, start, end, chunkBytes)) yield linesOf(bytes);
}

/** The same, not cut into lines. The next ones are read while the caller works at these. */
export async function* readBlocks(
  file: FileHandle,
  start = 0,
  end?: number,
  chunkBytes = CHUNK,
): AsyncGenerator<Buffer> {
  const size = end ?? (await file.stat()).size;
  let position = start;
  /** Reads on behind a line that has begun: as much again if it is long, so that its bytes are moved but a few times. */
  const readOn = (begun: Buffer): Promise<Buffer> => {
    const length = Math.min(Math.max(chunkBytes, begun.length), size - position);
    const reading = readBehind(file, begun, position, length);
    // Told when it is waited for.
    reading.catch(() => {});
    position += length;
    return reading;
  };
  let next = readOn(Buffer.alloc(0));
  try {
    for (;;) {
      const bytes = await next;
      const isLast = position >= size;
      const whole = isLast ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
      if (!isLast) next = readOn(bytes.subarray(whole));
      if (whole > 0) yield bytes.subarray(0, whole);
      if (isLast) return;
    }
  } finally {
    // Whoever leaves early closes the file.
    await Promise.allSettled([next]);
  }
}

/** What was read before and up to `length` bytes more. */
async function readBehind(
  file: FileHandle,
  begun: Buffer,
  position: number,
  length: number,
): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(begun.length + length);
  begun.copy(bytes);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, begun.length + done, length - done, position + done);
    if (bytesRead === 0) return bytes.subarray(0, begun.length + done);
    done += bytesRead;
  }
  return bytes;
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
    yield* linesOf(Buffer.concat([chunk.subarray(whole), ...ended])).reverse();
    ended = [chunk.subarray(0, whole)];
  }
}

/** Each line with its newline, which only the last one may lack. */
export function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}
