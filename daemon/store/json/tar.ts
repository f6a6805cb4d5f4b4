/*
 * The part of POSIX.1-2017's ustar format that a backup needs: regular files with short names, one after the other,
 * each a header and its bytes filled up with zeros to whole blocks, and two blocks of zeros at the end.
 */
import type { FileHandle } from "node:fs/promises";
import { readFrom } from "./files.ts";

export const BLOCK = 512;
const CHUNK = 256 * 1024;
/** What eleven octal digits can say. */
const LARGEST = 8 ** 11 - 1;
const CHECKSUM_AT = 148;

/** One file of an archive. */
export interface Member {
  name: string;
  bytes: number;
  /** Seconds since the epoch. */
  modifiedAt: number;
}

/** Why an archive cannot be read. */
export class TarProblem extends Error {}

/** The block before a member's bytes. */
export function tarHeader({ name, bytes, modifiedAt }: Member): Buffer {
  if (Buffer.byteLength(name) > 100 || bytes > LARGEST)
    throw new Error(`${name} does not fit into a tar file`);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write("0000600\0" + "0000000\0" + "0000000\0", 100);
  header.write(`${octal(bytes, 11)}\0${octal(modifiedAt, 11)}\0`, 124);
  header.write("        0", CHECKSUM_AT);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, CHECKSUM_AT);
  return header;
}

/** The zeros after a member's bytes. */
export function tarPadding(bytes: number): Buffer {
  return Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK);
}

export const tarEnd: Buffer = Buffer.alloc(2 * BLOCK);

/**
 * Hands over each member with its bytes, which must be read before the next one is asked for. Every bit that
 * `tarHeader`, `tarPadding` and `tarEnd` would not have written throws `TarProblem`.
 */
export async function* readTar(
  file: FileHandle,
): AsyncGenerator<{ member: Member; content: AsyncIterable<Buffer> }> {
  const { size } = await file.stat();
  if (size < BLOCK) throw new TarProblem("it is not a backup of rosterd");
  let position = 0;
  for (;;) {
    const header = await readExactly(file, position, BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const member = memberOf(header);
    const padding = tarPadding(member.bytes);
    const start = position + BLOCK;
    const end = start + member.bytes;
    if (end + padding.length + tarEnd.length > size) throw new TarProblem("its end is missing");
    yield { member, content: contentOf(file, start, end) };
    if (!(await readExactly(file, end, padding.length)).equals(padding)) {
      throw new TarProblem(`something stands behind ${member.name}`);
    }
    position = end + padding.length;
  }
  if (size !== position + tarEnd.length || !(await readFrom(file, position)).equals(tarEnd)) {
    throw new TarProblem("it does not end as it should");
  }
}

async function* contentOf(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let position = start; position < end; position += CHUNK) {
    yield await readExactly(file, position, Math.min(CHUNK, end - position));
  }
}

function memberOf(header: Buffer): Member {
  const text = header.toString("latin1");
  const name = text.slice(0, text.indexOf("\0"));
  const member = {
    name,
    bytes: Number.parseInt(text.slice(124, 135), 8),
    modifiedAt: Number.parseInt(text.slice(136, 147), 8),
  };
  if (name.length > 100 || !tarHeaderEquals(member, header))
    throw new TarProblem("it is not a backup of rosterd");
  return member;
}

/** Whether the header is bit by bit what would be written for the member. */
function tarHeaderEquals(member: Member, header: Buffer): boolean {
  const isNumber = member.bytes >= 0 && member.modifiedAt >= 0;
  return isNumber && tarHeader(member).equals(header);
}

async function readExactly(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = await readFrom(file, start, length);
  if (bytes.length < length) throw new TarProblem("its end is missing");
  return bytes;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
