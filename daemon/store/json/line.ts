import { isUtf8 } from "node:buffer";
import { hash as digest } from "node:crypto";
import type { Entry } from "../../../protocol/index.ts";
import type { Change } from "./collections.ts";

/*
 * One line of the journal, the bytes between the marks exactly as JSON.stringify wrote them:
 *
 *   {"public":{"durable":N,"entries":[…]},"changes":[…],"hash":"<64 hex digits>"}\n
 *
 * hash = SHA-256(previous line's hash, 32 bytes ‖ the public part's bytes ‖ SHA-256(the changes' bytes)).
 * So the changes can be sealed away later (their hash in their place) and the chain still verifies.
 */
const OPENING = '{"public":';
const BOUNDARY = ',"changes":';
const TAIL = /^,"hash":"[0-9a-f]{64}"}$/;
const TAIL_LENGTH = 75;

export interface Line {
  /** The highest position known to be on disk when the line was written. */
  durable: number;
  entries: Entry[];
  changes: Change[];
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
  return digest("sha256", Buffer.from(epoch), "buffer");
}

/** Adds the line's pieces to `pieces` and returns its hash. */
export function encodeLine(previous: Buffer, durable: number, text: LineText, pieces: Buffer[]): Buffer {
  const publicPart = Buffer.from(`{"durable":${durable},"entries":${text.entries}}`);
  const changes = Buffer.from(text.changes);
  const hash = chain(previous, publicPart, changes);
  pieces.push(opening, publicPart, boundary, changes, Buffer.from(`${tailOf(hash)}\n`));
  return hash;
}

function tailOf(hash: Buffer): string {
  return `,"hash":"${hash.toString("hex")}"}`;
}

const opening = Buffer.from(OPENING);
const boundary = Buffer.from(BOUNDARY);

function chain(previous: Buffer, publicPart: Buffer, changes: Buffer): Buffer {
  const changesHash = digest("sha256", changes, "buffer");
  return digest("sha256", Buffer.concat([previous, publicPart, changesHash]), "buffer");
}

/** What is wrong with a line, in words that follow its place. */
export class LineProblem extends Error {}

/** Reads a line (without its newline) that follows the one hashed `previous`; throws `LineProblem`. */
export function decodeLine(previous: Buffer, bytes: Buffer): { line: Line; hash: Buffer } {
  const { publicPart, changes, tail } = split(bytes);
  const hash = chain(previous, publicPart, changes);
  if (tail !== tailOf(hash)) {
    throw new LineProblem("its hash does not match: it, or the line before, was changed");
  }
  if (!isUtf8(bytes)) throw new LineProblem("it is not valid UTF-8");
  const line = parse(bytes) as { public: Omit<Line, "changes">; changes: Change[] };
  return { line: { ...line.public, changes: line.changes }, hash };
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

function split(bytes: Buffer): { publicPart: Buffer; changes: Buffer; tail: string } {
  const end = bytes.length - TAIL_LENGTH;
  const cut = bytes.indexOf(boundary);
  if (bytes.indexOf(opening) !== 0 || cut < 0 || cut + boundary.length > end) {
    throw new LineProblem("it is not a journal line");
  }
  return {
    publicPart: bytes.subarray(opening.length, cut),
    changes: bytes.subarray(cut + boundary.length, end),
    tail: bytes.toString("latin1", end),
  };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw new LineProblem("it is not valid JSON", { cause: error });
  }
}
