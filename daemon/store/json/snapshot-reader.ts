import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { isCollection } from "./collections.ts";
import { anchorIn, type Directory } from "./directory.ts";
import { firstHash } from "./line.ts";
import { linesOf, readBlocks } from "./read-lines.ts";
import { CLOSING, endOfRecords, parseObject, parseRecord, parseRecords, startsWith } from "./record-lines.ts";
import { type Run, tablesOf } from "./record-runs.ts";
import { damaged, StoreError } from "./store-error.ts";

/** The version of the data directory's form; an older one is migrated, a newer one is refused. 2: audit/, anchor. */
export const FORMAT = 2;

/** What is wrong where the checksum does not match. */
export const CHANGED = "its checksum does not match: it was changed by something other than rosterd";
/** The way out for somebody who did that. */
export const ACCEPT_EDIT =
  "If you edited it, rosterd verify --accept-edit takes that over; if not, rosterd restore FILE puts a backup in its place";
const CHECKSUM = '"checksum":"';
const NEWLINE = 10;
const OPENING = /^"([a-z]+)":\[$/;

/** What a snapshot says before its records. */
export type SnapshotHeader = Omit<Directory, "tables">;

/** A snapshot's content, before anything is made of it. */
export interface SnapshotContent {
  header: SnapshotHeader;
  runs: readonly Run[];
  /** The first collection of which this version does not know. */
  unknown: string | null;
  /** Whether the content is what the checksum says. */
  intact: boolean;
}

/** Reads a snapshot line by line. */
export class SnapshotReader {
  readonly #path: string;
  readonly #sum = createHash("sha256");
  readonly #runs: Run[] = [];
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
    const { header, runs, intact } = await this.readContent(file);
    // What was damaged may be no record at all.
    if (!intact) throw this.#damaged(CHANGED, ACCEPT_EDIT);
    return { ...header, tables: tablesOf(runs) };
  }

  async readContent(file: FileHandle): Promise<SnapshotContent> {
    for await (const bytes of readBlocks(file)) {
      const last = bytes.lastIndexOf(NEWLINE, -2) + 1;
      this.#sum.update(startsWith(bytes, CHECKSUM, last) ? bytes.subarray(0, last) : bytes);
      this.#takeBlock(bytes);
    }
    if (this.#line === 0) throw this.#damaged("it is empty");
    if (!this.#header || this.#checksum === null) throw this.#damaged("its end is missing");
    const intact = this.#sum.digest("hex") === this.#checksum;
    if (this.#unknown !== null && intact) {
      throw newer(this.#path, `it holds "${this.#unknown}", of which this one does not know`);
    }
    return { header: this.#header, runs: this.#runs, unknown: this.#unknown, intact };
  }

  /** Lines that are records are taken together, and one by one where that names what is wrong. */
  #takeBlock(bytes: Buffer): void {
    for (let next = 0; next < bytes.length; ) {
      const isRecord = this.#collection !== null && !startsWith(bytes, CLOSING, next);
      const end = isRecord ? endOfRecords(bytes, next) : endOfLine(bytes, next);
      this.#takeLines(bytes.subarray(next, end), isRecord);
      next = end;
    }
  }

  #takeLines(bytes: Buffer, areRecords: boolean): void {
    const records = areRecords ? parseRecords(bytes) : null;
    if (!records) {
      for (const line of linesOf(bytes)) this.#take(line);
      return;
    }
    this.#add(records, this.#line + 1);
    this.#line += records.length;
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
    if (text === CLOSING) {
      this.#collection = null;
      return;
    }
    const record = parseRecord(text);
    if (record === null) throw this.#damaged("it is not valid JSON");
    this.#add([record], this.#line);
  }

  #add(records: readonly object[], line: number): void {
    this.#runs.push({ collection: this.#collection, records, line } as Run);
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

function endOfLine(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(NEWLINE, from);
  return end < 0 ? bytes.length : end + 1;
}
