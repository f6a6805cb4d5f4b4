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

const CHECKSUM = '"checksum":"';
const OPENING = /^"([a-z]+)":\[$/;

/** Reads a snapshot line by line and holds it to its checksum. */
export class SnapshotReader {
  readonly #path: string;
  readonly #sum = createHash("sha256");
  /** Held until the checksum has been seen to match: what was damaged may be no record at all. */
  readonly #puts: Change[] = [];
  #line = 0;
  #header: Omit<Directory, "tables"> | null = null;
  #collection: string | null = null;
  #checksum: string | null = null;
  /** A collection that only a newer version can have written, unless the file is damaged. */
  #unknown: string | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  async read(file: FileHandle): Promise<Directory> {
    for await (const { bytes, lines } of readLines(file)) {
      const last = lines.at(-1);
      const ends = last?.indexOf(CHECKSUM) === 0;
      this.#sum.update(ends ? bytes.subarray(0, bytes.length - last.length) : bytes);
      for (const line of lines) this.#take(line);
    }
    if (this.#line === 0) throw this.#damaged("it is empty");
    if (!this.#header || this.#checksum === null) throw this.#damaged("its end is missing");
    if (this.#sum.digest("hex") !== this.#checksum) {
      throw this.#damaged("its checksum does not match: it was changed by something other than rosterd");
    }
    if (this.#unknown !== null) {
      throw this.#newer(`it holds "${this.#unknown}", of which this one does not know`);
    }
    const tables = new Tables();
    for (const put of this.#puts) tables.apply(put);
    return { ...this.#header, tables };
  }

  #take(bytes: Buffer): void {
    this.#line += 1;
    if (!isUtf8(bytes)) throw this.#damaged("it is not valid UTF-8");
    if (this.#checksum !== null) throw this.#damaged("there is something after the checksum");
    const text = bytes.toString();
    if (!text.endsWith("\n")) throw this.#damaged("its end is missing");
    if (this.#line === 1) this.#header = this.#readHeader(text);
    else if (this.#collection !== null) this.#takeRecord(this.#collection, text);
    else if (text.startsWith(CHECKSUM)) this.#checksum = this.#readChecksum(text);
    else this.#collection = this.#readOpening(text);
  }

  #takeRecord(collection: string, text: string): void {
    if (text === "],\n") {
      this.#collection = null;
      return;
    }
    const record = this.#parse(text.slice(0, text.endsWith(",\n") ? -2 : -1));
    this.#puts.push(["put", collection, record] as Change);
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

  #readHeader(text: string): Omit<Directory, "tables"> {
    const header = this.#parse(`${text.slice(0, -2)}}`);
    const { format, epoch, seq, hash, anchor } = header as Record<string, unknown>;
    if (typeof format === "number" && format > FORMAT) {
      throw this.#newer(`format ${format}; this one reads ${FORMAT}`);
    }
    const isKnown = format === FORMAT || format === 1;
    if (!isKnown || typeof epoch !== "string" || !Number.isSafeInteger(seq)) {
      throw this.#damaged("this is not the beginning of a Roster directory");
    }
    return {
      format,
      epoch,
      seq: Number(seq),
      hash: Buffer.from(String(hash), "hex"),
      anchor: format === 1 ? { seq: 0, hash: firstHash(epoch) } : anchorIn(Object(anchor)),
    };
  }

  #parse(text: string): object {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === "object" && value !== null) return value;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw this.#damaged("it is not valid JSON");
  }

  #newer(why: string): StoreError {
    return new StoreError(`${this.#path}: written by a newer Roster (${why}). Run that version`);
  }

  #damaged(problem: string): StoreError {
    return damaged(this.#path, Math.max(1, this.#line), problem);
  }
}
