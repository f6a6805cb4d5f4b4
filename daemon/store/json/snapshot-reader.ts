import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { type Change, isCollection } from "./collections.ts";
import { anchorIn, type Directory } from "./directory.ts";
import { firstHash } from "./line.ts";
import { readLines } from "./read-lines.ts";
import { damaged, StoreError } from "./store-error.ts";
import { Tables } from "./table.ts";

/** The version of the data directory's form; an older one is migrated, a newer one is refused. 2: audit/, anchor. */
export const FORMAT = 2;

/** What is wrong where the checksum does not match. */
export const CHANGED = "its checksum does not match: it was changed by something other than rosterd";
/** The way out for somebody who did that. */
export const ACCEPT_EDIT =
  "If you edited it, rosterd verify --accept-edit takes that over; if not, rosterd restore FILE puts a backup in its place";
const CHECKSUM = '"checksum":"';
const CLOSING = Buffer.from("],\n");
const OPENING = /^"([a-z]+)":\[$/;

/** What a snapshot says before its records. */
export type SnapshotHeader = Omit<Directory, "tables">;

/** A snapshot's content, before anything is made of it. */
export interface SnapshotRecords {
  header: SnapshotHeader;
  puts: readonly Change[];
  /** Where each of them stands, from 1. */
  lines: readonly number[];
  /** The first collection of which this version does not know. */
  unknown: string | null;
  /** Whether the content is what the checksum says. */
  intact: boolean;
}

/** Reads a snapshot line by line. */
export class SnapshotReader {
  readonly #path: string;
  readonly #sum = createHash("sha256");
  readonly #puts: Change[] = [];
  readonly #lines: number[] = [];
  #line = 0;
  #header: SnapshotHeader | null = null;
  #collection: string | null = null;
  #checksum: string | null = null;
  /** A collection that only a newer version can have written, unless the file is damaged. */
  #unknown: string | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** The directory that it holds, seen to be what was written. */
  async read(file: FileHandle): Promise<Directory> {
    const { header, puts, intact } = await this.readRecords(file);
    // What was damaged may be no record at all.
    if (!intact) throw this.#damaged(CHANGED, ACCEPT_EDIT);
    return { ...header, tables: tablesOf(puts) };
  }

  async readRecords(file: FileHandle): Promise<SnapshotRecords> {
    for await (const { bytes, lines } of readLines(file)) {
      const last = lines.at(-1);
      const ends = last?.indexOf(CHECKSUM) === 0;
      this.#sum.update(ends ? bytes.subarray(0, bytes.length - last.length) : bytes);
      this.#takeBlock(bytes, lines);
    }
    if (this.#line === 0) throw this.#damaged("it is empty");
    if (!this.#header || this.#checksum === null) throw this.#damaged("its end is missing");
    const intact = this.#sum.digest("hex") === this.#checksum;
    if (this.#unknown !== null && intact) {
      throw newer(this.#path, `it holds "${this.#unknown}", of which this one does not know`);
    }
    return { header: this.#header, puts: this.#puts, lines: this.#lines, unknown: this.#unknown, intact };
  }

  /** Lines that are records are parsed together, which takes half the time; one by one where that names what is wrong. */
  #takeBlock(bytes: Buffer, lines: readonly Buffer[]): void {
    for (let next = 0; next < lines.length; ) {
      const end = this.#collection === null ? next : endOfRecords(lines, next);
      const records = end > next ? parseRecords(bytes, lines.slice(next, end)) : null;
      for (const record of records ?? []) {
        this.#line += 1;
        this.#put(record);
      }
      if (!records) for (const line of lines.slice(next, Math.max(end, next + 1))) this.#take(line);
      next = Math.max(end, next + 1);
    }
  }

  #take(bytes: Buffer): void {
    this.#line += 1;
    if (!isUtf8(bytes)) throw this.#damaged("it is not valid UTF-8");
    if (this.#checksum !== null) throw this.#damaged("there is something after the checksum");
    const text = bytes.toString();
    if (!text.endsWith("\n")) throw this.#damaged("its end is missing");
    if (this.#line === 1) this.#header = readHeader(this.#path, text);
    else if (this.#collection !== null) this.#takeRecord(text);
    else if (text.startsWith(CHECKSUM)) this.#checksum = this.#readChecksum(text);
    else this.#collection = this.#readOpening(text);
  }

  #takeRecord(text: string): void {
    if (text === "],\n") {
      this.#collection = null;
      return;
    }
    this.#put(this.#parse(withoutEnd(text)));
  }

  #put(record: object): void {
    this.#puts.push(["put", this.#collection, record] as Change);
    this.#lines.push(this.#line);
  }

  #readOpening(text: string): string {
    const name = OPENING.exec(text.trimEnd())?.[1];
    if (name === undefined) throw this.#damaged("no collection begins here");
    if (!isCollection(name)) this.#unknown ??= name;
    return name;
  }

  #readChecksum(text: string): string {
    const checksum = /^"checksum":"([0-9a-f]{64})"}\n$/.exec(text)?.[1];
    if (checksum === undefined) throw this.#damaged("the checksum cannot be read");
    return checksum;
  }

  #parse(text: string): object {
    const value = parseObject(text);
    if (value === null) throw this.#damaged("it is not valid JSON");
    return value;
  }

  #damaged(problem: string, help?: string): StoreError {
    return damaged(this.#path, Math.max(1, this.#line), problem, help);
  }
}

/** A snapshot's first line; throws `StoreError`. */
export function readHeader(path: string, line: string): SnapshotHeader {
  const { format, epoch, seq, hash, anchor } = Object(parseObject(`${line.slice(0, -2)}}`));
  if (typeof format === "number" && format > FORMAT) {
    throw newer(path, `format ${format}; this one reads ${FORMAT}`);
  }
  const isKnown = format === FORMAT || format === 1;
  if (!isKnown || typeof epoch !== "string" || !Number.isSafeInteger(seq)) {
    throw damaged(path, 1, "this is not the beginning of a Roster directory");
  }
  return {
    format,
    epoch,
    seq: Number(seq),
    hash: Buffer.from(String(hash), "hex"),
    anchor: format === 1 ? { seq: 0, hash: firstHash(epoch) } : anchorIn(Object(anchor)),
  };
}

function newer(path: string, why: string): StoreError {
  return new StoreError(`${path}: written by a newer Roster (${why}). Run that version`);
}

/** The tables that hold these records. */
export function tablesOf(puts: readonly Change[]): Tables {
  const tables = new Tables();
  for (const put of puts) tables.apply(put);
  return tables;
}

/** The index of the line that ends the collection, or of none. */
function endOfRecords(lines: readonly Buffer[], from: number): number {
  const end = lines.findIndex(
    (line, index) => index >= from && line.length === CLOSING.length && CLOSING.equals(line),
  );
  return end < 0 ? lines.length : end;
}

/** What stands in neighbouring lines, one record in each; null when it is not so. */
function parseRecords(block: Buffer, lines: readonly Buffer[]): object[] | null {
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first || !last) return null;
  const bytes = block.subarray(
    first.byteOffset - block.byteOffset,
    last.byteOffset + last.length - block.byteOffset,
  );
  if (!isUtf8(bytes)) return null;
  const records = parseObject(`[${withoutEnd(bytes.toString())}]`);
  const isWhole = Array.isArray(records) && records.length === lines.length;
  return isWhole && records.every((record) => typeof record === "object" && record !== null) ? records : null;
}

/** A record's text, or several records', without the end of the last line. */
function withoutEnd(text: string): string {
  return text.slice(0, text.endsWith(",\n") ? -2 : -1);
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
