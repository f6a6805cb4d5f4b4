import type { FileHandle } from "node:fs/promises";
import { firstPosition, HEAD_LENGTH, missing } from "./line.ts";
import { readAt } from "./read-lines.ts";
import { firstIndex } from "./sorted-slots.ts";

/** A line is sought by halves, and among the lines of so many bytes, which are read at once, one by one. */
const NEAR = 16 * 1024;
/** So near to each other lines are marked that are read anyway. */
const APART = NEAR / 2;
/** Most lines end within it; a long one is read in growing pieces. */
const FIRST_CHUNK = 4096;
const NEWLINE = 10;

export interface FoundLine {
  /** The position that was sought. */
  position: number;
  /** Where the line begins, in bytes. */
  offset: number;
  /** With its newline. */
  line: Buffer;
}

/** Whole lines of a segment: the bytes from `begin` to `end`. */
interface Lines {
  begin: number;
  end: number;
}

/**
 * Where some lines of a segment begin: whoever seeks a line leaves marks, so that those near it are found with a single
 * short read. The segment may grow.
 */
export class LineMarks {
  /** Of each marked line, in order. */
  readonly #offsets: number[] = [];
  /** Of the first entry of each. */
  readonly #positions: number[] = [];

  /** Marks some of these lines, of which the first begins at byte `begin`. Throws `LineProblem`. */
  note(lines: readonly Buffer[], begin: number): void {
    let offset = begin;
    let unmarked = APART;
    for (const line of lines) {
      if (unmarked >= APART) {
        this.#mark(firstPosition(line.subarray(0, HEAD_LENGTH)), offset);
        unmarked = 0;
      }
      offset += line.length;
      unmarked += line.length;
    }
  }

  /**
   * The line that holds this position, where one is among the segment's first `size` bytes; else the last one before.
   * Throws `LineProblem`.
   */
  find(file: FileHandle, size: number, position: number): Promise<FoundLine> {
    return this.#find(file, size, position, ({ begin, end }) => readAt(file, begin, end - begin));
  }

  /** The same for each of these positions, in their order; what is near several of them is read once. */
  findAll(file: FileHandle, size: number, positions: readonly number[]): Promise<FoundLine[]> {
    const reads = new Map<number, Promise<Buffer>>();
    const read = ({ begin, end }: Lines): Promise<Buffer> => {
      const reading = reads.get(begin) ?? readAt(file, begin, end - begin);
      reads.set(begin, reading);
      return reading;
    };
    return Promise.all(positions.map((position) => this.#find(file, size, position, read)));
  }

  async #find(
    file: FileHandle,
    size: number,
    position: number,
    read: (lines: Lines) => Promise<Buffer>,
  ): Promise<FoundLine> {
    const near = await this.#linesNear(file, size, position);
    const lines = await read(near);
    const start = lastLineUpTo(position, lines);
    return { position, offset: near.begin + start, line: lines.subarray(start, afterNewline(lines, start)) };
  }

  /** Few lines, or one that is long with some before it: the one that holds `position` is among them. */
  async #linesNear(file: FileHandle, size: number, position: number): Promise<Lines> {
    let { begin, end } = this.#between(size, position);
    // What is sought at the end of a segment is mostly in its last lines.
    let probe = end === size ? end - NEAR : middleOf(begin, end);
    while (end - begin > NEAR) {
      const line = await endOfLine(file, end, probe);
      if (line < end) {
        const first = firstPosition(await readAt(file, line, HEAD_LENGTH));
        this.#mark(first, line);
        if (first <= position) begin = line;
        else end = line;
      } else if (probe <= middleOf(begin, end)) {
        // Half of it and more is the last line.
        break;
      }
      probe = middleOf(begin, end);
    }
    return { begin, end };
  }

  /** The lines from the last mark that does not come after `position` to the next one. */
  #between(size: number, position: number): Lines {
    const next = this.#nextMark(position);
    const begin = this.#offsets[next - 1] ?? 0;
    const end = Math.min(this.#offsets[next] ?? size, size);
    // The segment is not what it was when it was marked.
    if (begin >= end) throw missing(position);
    return { begin, end };
  }

  #mark(position: number, offset: number): void {
    const next = this.#nextMark(position);
    if (this.#positions[next - 1] === position) return;
    this.#positions.splice(next, 0, position);
    this.#offsets.splice(next, 0, offset);
  }

  #nextMark(position: number): number {
    return firstIndex(this.#positions.length, (mark) => (this.#positions[mark] ?? 0) > position);
  }
}

function middleOf(begin: number, end: number): number {
  return Math.floor((begin + end) / 2);
}

/** Where the last of these lines begins that does, by its first position, not come after `position`. */
function lastLineUpTo(position: number, lines: Buffer): number {
  let found = 0;
  for (let start = 0; start < lines.length; start = afterNewline(lines, start)) {
    if (firstPosition(lines.subarray(start, start + HEAD_LENGTH)) > position) break;
    found = start;
  }
  return found;
}

function afterNewline(lines: Buffer, start: number): number {
  const newline = lines.indexOf(NEWLINE, start);
  return newline < 0 ? lines.length : newline + 1;
}

/** Where the line that byte `at` is in ends, its newline included; at most `end`. */
async function endOfLine(file: FileHandle, end: number, at: number): Promise<number> {
  let length = FIRST_CHUNK;
  for (let position = at; position < end; ) {
    const newline = (await readAt(file, position, length)).indexOf(NEWLINE);
    if (newline >= 0) return Math.min(position + newline + 1, end);
    position += length;
    length *= 2;
  }
  return end;
}
