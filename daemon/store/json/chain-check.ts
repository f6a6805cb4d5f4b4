import type { FileHandle } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { Entry } from "../../../protocol/index.ts";
import { anchorIn } from "./directory.ts";
import { type FileSystem, readFrom } from "./files.ts";
import { decodeLine, entriesOf, LineProblem, statedHash } from "./line.ts";
import type { Problems } from "./problem.ts";
import { readLines } from "./read-lines.ts";
import type { Position } from "./segment.ts";
import type { Segment } from "./segments.ts";
import { tailKind, withoutZeros } from "./tail.ts";

/** A part of the chain. */
export interface ChainPart extends Segment {
  /** Only so many bytes of the file are looked at. */
  bytes: number;
}

/** Where a restore ended the history of another epoch. */
export interface EpochEnd {
  epoch: string;
  /** The last position of that epoch that is in this history too. */
  seq: number;
}

/** What following the chain has shown. */
export interface Chain {
  /** The position that the oldest line kept follows. */
  start: number;
  /** The last position. */
  seq: number;
  /** The hash there, hex; null when there is no line yet, or the last one could not be read. */
  hash: string | null;
  /** The hashes at the positions that were asked for, as far as lines end there. */
  hashes: ReadonlyMap<number, string>;
  /** Oldest first. */
  epochEnds: readonly EpochEnd[];
  /** So many bytes at the very end are a write that never finished, which the next start cuts off. */
  torn: number;
}

export interface ChainAsked {
  /** What the oldest line kept follows; null: not known. */
  anchor: Position | null;
  /** Where to note the hash. */
  positions: readonly number[];
  /** Told every entry that could be read. */
  seen?: ((entry: Entry) => void) | undefined;
  /** Ends the work early. */
  signal?: AbortSignal | undefined;
}

/** So many bytes are looked at between two turns of the event loop: a millisecond or two. */
const SLICE = 64 * 1024;
const NEWLINE = 10;

/**
 * Follows the chain of hashes through the parts, in order, and tells of every line that does not fit. After such a
 * line it goes on from what the line says of itself, so that each problem is told where it is.
 */
export async function checkChain(
  io: FileSystem,
  parts: readonly ChainPart[],
  asked: ChainAsked,
  problems: Problems,
): Promise<Chain> {
  const check = new ChainCheck(parts[0]?.start ?? 0, asked, problems);
  for (const part of parts) await check.follow(io, part, part === parts.at(-1));
  return check.end();
}

interface Read {
  entries: readonly Entry[];
  hash: Buffer;
}

class ChainCheck {
  readonly #start: number;
  readonly #asked: ReadonlySet<number>;
  readonly #seen: ChainAsked["seen"];
  readonly #signal: ChainAsked["signal"];
  readonly #problems: Problems;
  readonly #hashes = new Map<number, string>();
  readonly #epochEnds: EpochEnd[] = [];
  /** Where the kept history begins, or began before more of it was pruned: position → hash. */
  readonly #anchors = new Map<number, Buffer>();
  /** The first line: what it follows may be known only from later ones. */
  #first: { path: string; bytes: Buffer } | null = null;
  #path = "";
  #line = 0;
  /** Null after a line that could not be read: the next one is taken as it is. */
  #seq: number | null;
  #hash: Buffer | null = null;
  #torn = 0;

  constructor(start: number, { anchor, positions, seen, signal }: ChainAsked, problems: Problems) {
    if (anchor) this.#anchors.set(anchor.seq, anchor.hash);
    this.#start = start;
    this.#seq = start;
    this.#asked = new Set(positions);
    this.#seen = seen;
    this.#signal = signal;
    this.#problems = problems;
  }

  async follow(io: FileSystem, part: ChainPart, isLast: boolean): Promise<void> {
    const { path, bytes } = part;
    this.#begin(part);
    const file = await io.open(path, "r");
    try {
      let offset = 0;
      let looked = 0;
      for await (const lines of readLines(file, 0, bytes)) {
        for (const line of lines) {
          const problem = this.#take(line);
          const mayBeTorn = problem && isLast && (line.at(-1) !== NEWLINE || line.includes(0));
          if (mayBeTorn && (await this.#isCutAtStart(file, offset, bytes))) return;
          if (problem) this.#goOn(line, problem);
          offset += line.length;
          if (offset - looked < SLICE) continue;
          looked = offset;
          await setImmediate(undefined, { signal: this.#signal });
        }
      }
    } finally {
      await file.close();
    }
  }

  end(): Chain {
    this.#checkFirst();
    return {
      start: this.#start,
      seq: this.#seq ?? this.#start,
      hash: this.#hash?.toString("hex") ?? null,
      hashes: this.#hashes,
      epochEnds: this.#epochEnds,
      torn: this.#torn,
    };
  }

  #begin({ path, start, sealed }: ChainPart): void {
    this.#path = path;
    this.#line = 0;
    if (start === this.#seq) return;
    // A live file whose lines are sealed already is what a crash between sealing and removing leaves.
    const isLeftOver = !sealed && this.#seq !== null && start < this.#seq;
    if (this.#seq !== null && !isLeftOver) this.#problems.add(path, null, positionProblem(this.#seq, start));
    this.#seq = start;
    this.#hash = null;
  }

  /** What is wrong with the line that comes next, if anything is. */
  #take(bytes: Buffer): LineProblem | null {
    this.#line += 1;
    try {
      if (bytes.at(-1) !== NEWLINE) throw new LineProblem("its end is missing");
      const read = this.#hash ? decode(this.#hash, bytes) : stated(bytes);
      if (this.#seq === this.#start) this.#first ??= { path: this.#path, bytes };
      if (this.#seq !== null) assertFollows(this.#seq, read.entries);
      this.#note(read);
      return null;
    } catch (error) {
      if (error instanceof LineProblem) return error;
      throw error;
    }
  }

  /** Whether the next start cuts off what stands between these places. */
  async #isCutAtStart(file: FileHandle, offset: number, end: number): Promise<boolean> {
    const tail = await readFrom(file, offset, end - offset);
    const kind = tailKind(tail, this.#seq ?? Number.NEGATIVE_INFINITY);
    if (kind === "torn") this.#torn = withoutZeros(tail).length;
    return kind !== "damaged";
  }

  #goOn(bytes: Buffer, problem: LineProblem): void {
    const read = salvage(bytes);
    const seq = read?.entries[0]?.seq;
    const isGap = this.#seq !== null && seq !== undefined && seq !== this.#seq + 1;
    const what = isGap && this.#seq !== null ? positionProblem(this.#seq, seq - 1) : problem.message;
    this.#problems.add(this.#path, this.#line, what);
    this.#seq = null;
    this.#hash = null;
    if (read) this.#note(read);
  }

  #note({ entries, hash }: Read): void {
    this.#seq = entries.at(-1)?.seq ?? this.#seq;
    this.#hash = hash;
    if (this.#seq !== null && this.#asked.has(this.#seq)) this.#hashes.set(this.#seq, hash.toString("hex"));
    for (const entry of entries) {
      const { type, data } = entry;
      this.#seen?.(entry);
      if (type === "store.restored") this.#epochEnds.push(data.from as EpochEnd);
      if (type === "audit.pruned") this.#noteAnchor(anchorIn(data));
    }
  }

  #noteAnchor({ seq, hash }: Position): void {
    this.#anchors.set(seq, hash);
  }

  #checkFirst(): void {
    const anchor = this.#anchors.get(this.#start);
    if (anchor && this.#asked.has(this.#start)) this.#hashes.set(this.#start, anchor.toString("hex"));
    if (!this.#first || this.#anchors.size === 0) return;
    const { path, bytes } = this.#first;
    const reached = Math.max(...this.#anchors.keys());
    // What was pruned may be there still, if the removal was cut short.
    if (!anchor && reached < this.#start)
      this.#problems.add(path, null, positionProblem(reached, this.#start));
    if (anchor && !follows(anchor, bytes)) {
      this.#problems.add(path, 1, "its hash does not match: it was changed, or is not of this directory");
    }
  }
}

function decode(previous: Buffer, bytes: Buffer): Read {
  const { line, hash } = decodeLine(previous, bytes.subarray(0, -1));
  return { entries: line.entries, hash };
}

/** What a line says of itself, whatever line it follows. */
function stated(bytes: Buffer): Read {
  return { entries: entriesOf(bytes), hash: statedHash(bytes.subarray(0, -1)) };
}

function salvage(bytes: Buffer): Read | null {
  try {
    return stated(bytes);
  } catch (error) {
    if (error instanceof LineProblem) return null;
    throw error;
  }
}

function follows(previous: Buffer, bytes: Buffer): boolean {
  try {
    decode(previous, bytes);
    return true;
  } catch (error) {
    if (error instanceof LineProblem) return false;
    throw error;
  }
}

function assertFollows(seq: number, entries: readonly Entry[]): void {
  for (const [index, entry] of entries.entries()) {
    if (entry.seq !== seq + 1 + index) throw new LineProblem(positionProblem(seq + index, entry.seq - 1));
  }
}

/** `seq` came last, and what comes now follows `found`. */
function positionProblem(seq: number, found: number): string {
  if (found < seq) return `position ${found + 1} comes again, or too late, after position ${seq}`;
  const missing = found === seq + 1 ? `position ${found} is` : `positions ${seq + 1} to ${found} are`;
  return `${missing} missing before it`;
}
