import { type FileHandle, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findLine } from "../../../../daemon/store/json/find-line.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "roster-find-"));
});
afterAll(() => rm(directory, { recursive: true }));

const COUNT = 20_000;

/** A segment of so many lines of many lengths, two entries each, and where each line begins. */
async function openSegment(): Promise<{ file: FileHandle; size: number; starts: number[] }> {
  const starts: number[] = [];
  let content = "";
  for (let line = 0; line < COUNT; line += 1) {
    starts.push(content.length);
    const long = line % 5000 === 77 ? 40_000 : 200 + (line % 7) * 90;
    content += `{"public":{"durable":0,"entries":[{"seq":${2 * line + 1},"at":"${"x".repeat(long)}"\n`;
  }
  const path = join(directory, "segment");
  await writeFile(path, content);
  return { file: await open(path, "r"), size: content.length, starts };
}

/** Counts the reads of the file from now on. */
function countReads(file: FileHandle): () => number {
  let reads = 0;
  const read = file.read.bind(file) as (...args: unknown[]) => Promise<unknown>;
  file.read = ((...args: unknown[]) => {
    reads += 1;
    return read(...args);
  }) as FileHandle["read"];
  return () => reads;
}

test("the line of a position is found among many in a few reads, and in fewer near the end", async () => {
  const { file, size, starts } = await openSegment();
  const reads = countReads(file);
  for (const line of [0, 1, 76, 77, 78, 5076, 5077, 5078, 9999, 15_077, COUNT - 200]) {
    const before = reads();
    for (const seq of [2 * line + 1, 2 * line + 2])
      expect(await findLine(file, size, seq)).toBe(starts[line]);
    expect(reads() - before).toBeLessThan(2 * 35);
  }
  const before = reads();
  expect(await findLine(file, size, 2 * COUNT)).toBe(starts.at(-1));
  expect(reads() - before).toBeLessThan(5);
  expect(await findLine(file, starts[500] ?? 0, 2 * COUNT)).toBe(starts[499]);
  await file.close();
});
