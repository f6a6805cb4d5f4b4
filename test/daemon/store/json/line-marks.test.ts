import { appendFile, type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LineMarks } from "../../../../daemon/store/json/line-marks.ts";
import { temporaryDirectory } from "./fixtures.ts";

/** Lines of many lengths with two entries each, from position `first` on. */
function linesFrom(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, line) => {
    const long = line % 500 === 77 ? 40_000 : 200 + (line % 7) * 90;
    return `{"public":{"durable":0,"entries":[{"seq":${first + 2 * line},"at":"${"x".repeat(long)}"\n`;
  });
}

async function openSegment(): Promise<{ file: FileHandle; append: (text: string) => Promise<number> }> {
  const path = join(await temporaryDirectory(), "segment");
  const file = await open(path, "a+");
  onTestFinished(() => file.close());
  const append = async (text: string) => {
    await appendFile(path, text);
    return (await file.stat()).size;
  };
  return { file, append };
}

/** Counts the reads of the file since it was asked the last time. */
function countReads(file: FileHandle): () => { reads: number; bytes: number } {
  let counted = { reads: 0, bytes: 0 };
  const read = file.read.bind(file) as (...args: unknown[]) => Promise<unknown>;
  file.read = ((...args: unknown[]) => {
    counted.reads += 1;
    counted.bytes += Number(args[2]);
    return read(...args);
  }) as FileHandle["read"];
  return () => {
    const last = counted;
    counted = { reads: 0, bytes: 0 };
    return last;
  };
}

/** Where each of these lines begins. */
function startsOf(lines: readonly string[]): number[] {
  let begin = 0;
  return lines.map((line) => {
    const start = begin;
    begin += line.length;
    return start;
  });
}

test("the lines of any positions are found, in any order and at the same time, while the segment grows", async () => {
  const { file, append } = await openSegment();
  const marks = new LineMarks();
  let all: string[] = [];
  for (const count of [3, 2000, 1, 1500]) {
    const more = linesFrom(1 + 2 * all.length, count);
    all = [...all, ...more];
    const size = await append(more.join(""));
    const starts = startsOf(all);
    const positions = all.flatMap((_, line) => [2 * line + 1, 2 * line + 2]).reverse();
    const found = await marks.findAll(file, size, positions);
    expect(found.map(({ position }) => position)).toEqual(positions);
    const told = found.map(({ position, offset, line }) => {
      const index = Math.ceil(position / 2) - 1;
      return offset === starts[index] && line.toString() === all[index];
    });
    expect(told).not.toContain(false);
  }
});

test("a line is found among many in a few reads, in fewer near the end, and with one where others were found before", async () => {
  const { file, append } = await openSegment();
  const lines = linesFrom(1, 20_000);
  const size = await append(lines.join(""));
  const starts = startsOf(lines);
  const counted = countReads(file);
  for (const line of [0, 76, 77, 78, 5076, 5077, 5078, 9999, 12_345, 15_077, 19_800]) {
    const marks = new LineMarks();
    expect(await marks.find(file, size, 2 * line + 1)).toMatchObject({ offset: starts[line] });
    expect(counted().reads).toBeLessThan(35);
    expect(await marks.find(file, size, 2 * line + 2)).toMatchObject({ offset: starts[line] });
    const isNearLongOne = line % 500 < 120;
    expect(counted().reads).toBeLessThan(isNearLongOne ? 10 : 2);
  }
  const marks = new LineMarks();
  expect(await marks.find(file, size, 40_000)).toMatchObject({ offset: starts.at(-1) });
  expect(counted().reads).toBeLessThan(5);
  await marks.find(file, size, 8);
  counted();
  await marks.findAll(file, size, [6, 5, 4, 3]);
  expect(counted()).toMatchObject({ reads: 1 });
});

test("no line behind the size that is told is found", async () => {
  const { file, append } = await openSegment();
  const lines = linesFrom(1, 500);
  await append(lines.join(""));
  const starts = startsOf(lines);
  const marks = new LineMarks();
  await marks.find(file, starts[400] ?? 0, 790);
  const counted = countReads(file);
  expect(await marks.find(file, starts[100] ?? 0, 200)).toMatchObject({
    offset: starts[99],
    line: { length: lines[99]?.length },
  });
  expect(counted().bytes).toBeLessThan(starts[100] ?? 0);
});

test("who reads lines in another way leaves marks too", async () => {
  const { file, append } = await openSegment();
  const lines = linesFrom(1, 5000);
  const size = await append(lines.join(""));
  const starts = startsOf(lines);
  const marks = new LineMarks();
  for (let begin = 4500; begin >= 0; begin -= 500) {
    const part = lines.slice(begin, begin + 500).map((line) => Buffer.from(line));
    marks.note(part, starts[begin] ?? 0);
  }
  const counted = countReads(file);
  for (const line of [0, 499, 500, 2345, 4499]) {
    expect(await marks.find(file, size, 2 * line + 2)).toMatchObject({ offset: starts[line] });
    const { reads, bytes } = counted();
    expect(reads).toBe(1);
    expect(bytes).toBeLessThan(20_000);
  }
});

test("what is no line of a journal is a problem, and no mark", async () => {
  const { file, append } = await openSegment();
  const size = await append("something else\n");
  const marks = new LineMarks();
  for (let time = 0; time < 2; time += 1)
    await expect(marks.find(file, size, 1)).rejects.toThrow("it is not a journal line");
  expect(() => marks.note([Buffer.from("something else\n")], 0)).toThrow("it is not a journal line");
});

test("of a segment that became shorter than it was marked, the lines that are gone are missing", async () => {
  const { file, append } = await openSegment();
  const lines = linesFrom(1, 500);
  const size = await append(lines.join(""));
  const marks = new LineMarks();
  await marks.find(file, size, 1000);
  await expect(marks.find(file, 3000, 1000)).rejects.toThrow("position 1000 is missing");
});
