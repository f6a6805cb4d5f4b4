import { createReadStream } from "node:fs";
import { Failure, misuse } from "../failure.ts";

const BEGINNING_BYTES = 64 * 1024;

/** Text as a place in a file was read. */
export type Chunks = AsyncIterable<string>;

/** How the file begins: enough to tell its format by. */
export async function beginningOf(file: string): Promise<string> {
  try {
    for await (const bytes of createReadStream(file, {
      end: BEGINNING_BYTES - 1,
      highWaterMark: BEGINNING_BYTES,
    })) {
      return new TextDecoder().decode(bytes);
    }
    return "";
  } catch (error) {
    throw explained(file, error);
  }
}

/** The file's text, piece by piece, without a byte order mark. Throws at the line where it is not UTF-8. */
export async function* chunksOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let line = 1;
  for await (const bytes of createReadStream(file)) {
    const text = decoder.decode(bytes, { stream: true });
    const damage = text.indexOf("\ufffd");
    if (damage >= 0) throw notUtf8(file, line + newlines(text.slice(0, damage)));
    line += newlines(text);
    yield text;
  }
  if (decoder.decode() !== "") throw notUtf8(file, line);
}

/** A whole file, for formats that cannot be read in pieces. Throws beyond `most` characters. */
export async function wholeText(file: string, chunks: Chunks, most: number): Promise<string> {
  let whole = "";
  for await (const text of chunks) {
    whole += text;
    if (whole.length > most)
      throw new Failure(`${file} is too large: this format is read whole, up to ${most} characters`);
  }
  return whole;
}

export function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** Text that was damaged before it came here holds the same mark, and is no better. */
function notUtf8(file: string, line: number): Failure {
  return new Failure(`${file}, line ${line}: this is not UTF-8; convert the file first (iconv -t UTF-8)`);
}

function explained(file: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return misuse(`the file ${file} does not exist`);
  if (code === "EACCES") return misuse(`the file ${file} cannot be read by you`);
  if (code === "EISDIR") return misuse(`${file} is a directory`);
  return error;
}
