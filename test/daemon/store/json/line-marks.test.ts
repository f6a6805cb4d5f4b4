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

test("the lines of any positions are found, each of their neighbourhoods with one read, while the segment grows", async () => {
  const { file, append } = await openSegment();
  const marks = new LineMarks();
  let all: string[] = [];
  for (const count of [0, 3, 2000, 1, 1500]) {
    const more = linesFrom(1 + 2 * all.length, count);
    all = [...all, ...more];
    const size = await append(more.join(""));
    await Promise.all([marks.mark(file, size), marks.mark(file, size)]);
    const positions = all.flatMap((_, line) => [2 * line + 1, 2 * line + 2]).reverse();
    const found = await marks.lines(file, size, positions);
    expect(found.map(({ position }) => position)).toEqual(positions);
    const told = found.map(({ position, line }) => line.toString() === all[Math.ceil(position / 2) - 1]);
    expect(told).not.toContain(false);
  }
  const read = file.read.bind(file) as (...args: unknown[]) => Promise<unknown>;
  let bytes = 0;
  file.read = ((...args: unknown[]) => {
    bytes += Number(args[2]);
    return read(...args);
  }) as FileHandle["read"];
  const { size } = await file.stat();
  await marks.mark(file, size);
  await marks.lines(file, size, [6, 5, 4, 3]);
  expect(bytes).toBeLessThan(20_000);
});

test("what is no line of a journal is a problem, and no mark", async () => {
  const { file, append } = await openSegment();
  const size = await append("something else\n");
  const marks = new LineMarks();
  await expect(marks.mark(file, size)).rejects.toThrow("it is not a journal line");
  await expect(marks.mark(file, size)).rejects.toThrow("it is not a journal line");
});
