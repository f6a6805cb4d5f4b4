import type { FileHandle } from "node:fs/promises";

const CHUNK = 1 << 20;
/** Who reads backwards mostly wants little; the more is wanted, the more is read at once. */
const BACKWARD_CHUNK = 64 * 1024;
const MOST_BACKWARD = 256 * 1024;
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

/**
 * Reads the lines before `end`, which is where a line ends: some at a time, the last ones first, each time in their order.
 */
export async function* readLinesBackwards(
  file: FileHandle,
  end: number,
  chunkBytes = BACKWARD_CHUNK,
): AsyncGenerator<Buffer[]> {
  let length = chunkBytes;
  for (let left = end; left > 0; ) {
    const start = Math.max(0, left - length);
    const bytes = await readAt(file, start, left - start);
    const newline = bytes.indexOf(NEWLINE);
    length *= 2;
    // All of it is of one line, which began earlier.
    if (start > 0 && (newline < 0 || newline === bytes.length - 1)) continue;
    const whole = start === 0 ? 0 : newline + 1;
    yield linesOf(bytes.subarray(whole));
    left = start + whole;
    length = Math.min(length, MOST_BACKWARD);
  }
}

/** Up to `length` bytes from `position` on: fewer where the file ends. */
export function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  return readBehind(file, Buffer.alloc(0), position, length);
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
