import type { FileHandle } from "node:fs/promises";

const CHUNK = 1 << 20;
const NEWLINE = 10;

/** Lines with their newlines, and the bytes that they are in: together, they are the file. */
export interface LineBlock {
  bytes: Buffer;
  lines: Buffer[];
}

/** Reads a file of any size chunk by chunk; only the file's last line may lack its newline. */
export async function* readLines(file: FileHandle): AsyncGenerator<LineBlock> {
  const { size } = await file.stat();
  let begun: Buffer[] = [];
  for (let position = 0; position < size; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(CHUNK, size - position)), {
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
