import type { FileHandle } from "node:fs/promises";
import { lastLineUpTo } from "./find-line.ts";
import { firstPosition, HEAD_LENGTH } from "./line.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { readAt, readBlocks } from "./read-lines.ts";

/** A line is marked after so many bytes: what is between two marks is read at once. */
const APART = 16 * 1024;
const NEWLINE = 10;

export interface FoundLine {
  position: number;
  line: Buffer;
}

/** Where some lines of a segment begin, so that one is found in a single short read. The segment may grow. */
export class LineMarks {
  /** Of each marked line. */
  readonly #offsets: number[] = [];
  /** Of the first entry of each. */
  readonly #positions: number[] = [];
  readonly #marking = new OneAtATime();

  /** Marks lines up to the segment's present `size`, as far as it is worth it. Throws `LineProblem`. */
  mark(file: FileHandle, size: number): Promise<void> {
    return this.#marking.run(async () => {
      const last = this.#offsets.at(-1) ?? 0;
      if (size - last <= APART && this.#offsets.length > 0) return;
      let begin = last;
      for await (const lines of readBlocks(file, begin, size)) {
        this.#markLines(lines, begin);
        begin += lines.length;
      }
    });
  }

  /** The lines that hold these positions, in their order. To be marked up to `size` before. Throws `LineProblem`. */
  async lines(file: FileHandle, size: number, positions: readonly number[]): Promise<FoundLine[]> {
    const reads = new Map<number, Promise<Buffer>>();
    const read = (mark: number): Promise<Buffer> => {
      const begin = this.#offsets[mark] ?? 0;
      const end = this.#offsets[mark + 1] ?? size;
      const reading = reads.get(mark) ?? readAt(file, begin, end - begin);
      reads.set(mark, reading);
      return reading;
    };
    return Promise.all(
      positions.map(async (position) => {
        const lines = await read(this.#markBefore(position));
        return { position, line: lineHolding(lines, position) };
      }),
    );
  }

  #markLines(lines: Buffer, begin: number): void {
    for (let at = 0; at < lines.length; ) {
      if (begin + at > (this.#offsets.at(-1) ?? -1)) {
        this.#positions.push(firstPosition(lines.subarray(at, at + HEAD_LENGTH)));
        this.#offsets.push(begin + at);
      }
      const newline = lines.indexOf(NEWLINE, at + APART);
      at = newline < 0 ? lines.length : newline + 1;
    }
  }

  /** Of the last marked line that does not begin after `position`. */
  #markBefore(position: number): number {
    let [low, high] = [0, this.#positions.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#positions[middle] ?? 0) <= position) low = middle;
      else high = middle;
    }
    return low;
  }
}

function lineHolding(lines: Buffer, position: number): Buffer {
  const begin = lastLineUpTo(position, lines, lines.length);
  const newline = lines.indexOf(NEWLINE, begin);
  return lines.subarray(begin, newline < 0 ? lines.length : newline + 1);
}
