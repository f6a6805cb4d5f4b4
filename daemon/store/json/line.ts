import { isUtf8 } from "node:buffer";
import { hash as digest } from "node:crypto";
import type { Entry } from "../../../protocol/index.ts";
import type { ByteBuffer } from "./byte-buffer.ts";
import type { Change } from "./collections.ts";

/*
 * One line of the journal, the bytes between the marks exactly as JSON.stringify wrote them:
 *
 *   {"public":{"durable":N,"entries":[…]},"changes":[…],"hash":"<64 hex digits>"}\n
 *
 * and once it is sealed, when a snapshot has what it changed, with the rest byte for byte:
 *
 *   {"public":{"durable":N,"entries":[…]},"changesHash":"<64 hex digits>","hash":"<64 hex digits>"}\n
 *
 * hash = SHA-256(previous line's hash, 32 bytes ‖ the public part's bytes ‖ SHA-256(the changes' bytes)).
 * So the chain verifies over both forms, and what secrets were changed to is gone from the sealed one.
 */
const OPENING = '{"public":';
const BOUNDARY = ',"changes":';
const SEAL = /^,"changesHash":"([0-9a-f]{64})"$/;
const SEAL_LENGTH = 81;
const TAIL = /^,"hash":"[0-9a-f]{64}"}$/;
const TAIL_LENGTH = 75;
/** So many characters of the tail stand before the hash. */
const OPENING_OF_HASH = 9;
const QUOTE = 34;

export interface Line {
  /** The highest position known to be on disk when the line was written. */
  durable: number;
  entries: Entry[];
  /** Null: they are sealed away. */
  changes: Change[] | null;
}

/** The parts of a transaction's line that do not depend on its neighbours. */
export interface LineText {
  entries: string;
  changes: string;
}

/** Throws when the parts cannot be written: the boundary between them must be found again when read. */
export function lineText(entries: readonly Entry[], changes: readonly Change[]): LineText {
  const text = { entries: JSON.stringify(entries), changes: JSON.stringify(changes) };
  if (text.entries.includes(BOUNDARY)) {
    throw new Error('The data of an entry may not have a member "changes"');
  }
  return text;
}

/** The chain's beginning: a journal of another epoch does not fit. */
export function firstHash(epoch: string): Buffer {
  return sha256(Buffer.from(epoch));
}

/** Adds the line to `lines` and returns its hash. */
export function encodeLine(previous: Buffer, durable: number, text: LineText, lines: ByteBuffer): Buffer {
  lines.add(OPENING);
  const publicPart = lines.add(`{"durable":${durable},"entries":${text.entries}}`);
  lines.add(BOUNDARY);
  const changes = lines.add(text.changes);
  const hash = chain(previous, publicPart, sha256(changes));
  lines.add(`${tailOf(hash)}\n`);
  return hash;
}

function tailOf(hash: Buffer): string {
  return `,"hash":"${hash.toString("hex")}"}`;
}

const opening = Buffer.from(OPENING);
const boundary = Buffer.from(BOUNDARY);

function chain(previous: Buffer, publicPart: Buffer, changesHash: Buffer): Buffer {
  return sha256(Buffer.concat([previous, publicPart, changesHash]));
}

function sha256(bytes: Buffer): Buffer {
  // Asked for bytes, Node takes twice as long as for text, which is made bytes of in no time.
  return Buffer.from(digest("sha256", bytes, "binary"), "binary");
}

/** What is wrong with a line, in words that follow its place. */
export class LineProblem extends Error {}

export function missing(seq: number): LineProblem {
  return new LineProblem(`position ${seq} is missing`);
}

/** Reads a line of either form (without its newline) that follows the one hashed `previous`; throws `LineProblem`. */
export function decodeLine(previous: Buffer, bytes: Buffer): { line: Line; hash: Buffer } {
  const parts = split(bytes);
  const hash = checkHash(previous, parts, parts.changesHash());
  if (!isUtf8(bytes)) throw new LineProblem("it is not valid UTF-8");
  const line = parse(bytes) as { public: Omit<Line, "changes">; changes?: Change[] };
  return { line: { ...line.public, changes: line.changes ?? null }, hash };
}

/**
 * The sealed form of a line (without its newline) that follows the one hashed `previous`, in pieces and with a
 * newline; a sealed line stays as it is. Throws `LineProblem`.
 */
export function sealLine(previous: Buffer, bytes: Buffer): { pieces: Buffer[]; hash: Buffer } {
  const parts = split(bytes);
  const changesHash = parts.changesHash();
  const hash = checkHash(previous, parts, changesHash);
  const seal = Buffer.from(`,"changesHash":"${changesHash.toString("hex")}"${parts.tail}\n`);
  return { pieces: [opening, parts.publicPart, seal], hash };
}

function checkHash(previous: Buffer, { publicPart, tail }: LineParts, changesHash: Buffer): Buffer {
  const hash = chain(previous, publicPart, changesHash);
  if (tail !== tailOf(hash)) {
    throw new LineProblem("its hash does not match: it, or the line before, was changed");
  }
  return hash;
}

const HEAD = /^\{"public":\{"durable":\d+,"entries":\[\{"seq":(\d+),/;
/** So many bytes of a line hold the position of its first entry. */
export const HEAD_LENGTH = 96;

/** The position of the first entry of the line that begins with these bytes; throws `LineProblem`. */
export function firstPosition(head: Buffer): number {
  const [, seq] = HEAD.exec(head.toString("latin1")) ?? [];
  if (seq === undefined) throw new LineProblem("it is not a journal line");
  return Number(seq);
}

/** The entries of a line with its newline, whatever line it follows; throws `LineProblem`. */
export function entriesOf(bytes: Buffer): Entry[] {
  const { publicPart } = split(bytes.subarray(0, -1));
  const { entries } = Object(parse(publicPart));
  if (!Array.isArray(entries)) throw new LineProblem("it holds no entries");
  return entries;
}

/** The hash that a line (without its newline) says it has; throws `LineProblem`. */
export function statedHash(bytes: Buffer): Buffer {
  const { tail } = split(bytes);
  if (!TAIL.test(tail)) throw notALine();
  return Buffer.from(tail.slice(OPENING_OF_HASH, -2), "hex");
}

/** Whether the bytes are a whole line in form, whatever line they follow. */
export function looksWhole(bytes: Buffer): boolean {
  try {
    const { tail } = split(bytes);
    parse(bytes);
    return TAIL.test(tail);
  } catch (error) {
    if (error instanceof LineProblem) return false;
    throw error;
  }
}

interface LineParts {
  publicPart: Buffer;
  changesHash: () => Buffer;
  tail: string;
}

function split(bytes: Buffer): LineParts {
  const end = bytes.length - TAIL_LENGTH;
  if (bytes.indexOf(opening) !== 0) throw notALine();
  const tail = bytes.toString("latin1", Math.max(end, 0));
  // Changes end with a bracket.
  if (bytes[end - 1] === QUOTE) {
    const cut = end - SEAL_LENGTH;
    const [, changesHash] = SEAL.exec(bytes.toString("latin1", Math.max(cut, 0), end)) ?? [];
    if (changesHash === undefined || cut < opening.length) throw notALine();
    return {
      publicPart: bytes.subarray(opening.length, cut),
      changesHash: () => Buffer.from(changesHash, "hex"),
      tail,
    };
  }
  const cut = bytes.indexOf(boundary);
  if (cut < 0 || cut + boundary.length > end) throw notALine();
  return {
    publicPart: bytes.subarray(opening.length, cut),
    changesHash: () => sha256(bytes.subarray(cut + boundary.length, end)),
    tail,
  };
}

function notALine(): LineProblem {
  return new LineProblem("it is not a journal line");
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw new LineProblem("it is not valid JSON", { cause: error });
  }
}
