import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, test, vi } from "vitest";
import { fileSystem } from "../../../../daemon/store/json/files.ts";
import { SegmentFiles } from "../../../../daemon/store/json/segment-files.ts";
import { temporaryDirectory } from "./fixtures.ts";

/** A directory with these files in it, and how its segments are found. */
async function openFiles(names: readonly string[]) {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, "audit"));
  const add = (name: string) => writeFile(join(directory, name), `what ${name} says`);
  for (const name of names) await add(name);
  const readdir = vi.fn(fileSystem.readdir);
  let anchor = 0;
  const files = new SegmentFiles({
    io: { ...fileSystem, readdir: readdir as unknown as typeof fileSystem.readdir },
    directory,
    anchor: () => ({ seq: anchor, hash: Buffer.alloc(0) }),
  });
  return {
    add,
    move: (from: string, to: string) => rename(join(directory, from), join(directory, to)),
    remove: (name: string) => rm(join(directory, name)),
    prune: (seq: number) => {
      anchor = seq;
    },
    /** The file that holds `seq`, and how much of it is durable, when the last segment follows `segment`. */
    async holding(seq: number, segment: number) {
      const opened = await files.open(seq, { seq: 100, segment, size: 5 });
      await opened?.file.close();
      return opened && [relative(directory, opened.path), opened.size];
    },
    /** How often the directory was listed since the last time that was asked. */
    listings() {
      const count = readdir.mock.calls.filter(([path]) => path === directory).length;
      readdir.mockClear();
      return count;
    },
  };
}

test("segments are found as far as they are durable, and listed once", async () => {
  const { holding, listings } = await openFiles([
    "audit/journal-1.jsonl",
    "journal-11.jsonl",
    "journal-21.jsonl",
  ]);
  expect(await holding(10, 20)).toEqual(["audit/journal-1.jsonl", "what audit/journal-1.jsonl says".length]);
  expect(await holding(11, 20)).toEqual(["journal-11.jsonl", "what journal-11.jsonl says".length]);
  expect(await holding(21, 20)).toEqual(["journal-21.jsonl", 5]);
  expect(listings()).toBe(1);
});

test("they are listed again when a new one has begun", async () => {
  const { add, holding, listings } = await openFiles(["journal-1.jsonl"]);
  expect(await holding(20, 0)).toEqual(["journal-1.jsonl", 5]);
  await add("journal-11.jsonl");
  expect(await holding(20, 10)).toEqual(["journal-11.jsonl", 5]);
  expect(await holding(10, 10)).toEqual(["journal-1.jsonl", "what journal-1.jsonl says".length]);
  expect(listings()).toBe(2);
});

test("they are listed again when one was sealed, into a file of its own or the one before", async () => {
  const { holding, move, remove, listings } = await openFiles([
    "audit/journal-1.jsonl",
    "journal-11.jsonl",
    "journal-21.jsonl",
    "journal-31.jsonl",
  ]);
  for (const seq of [15, 25]) await holding(seq, 30);
  await move("journal-11.jsonl", "audit/journal-11.jsonl");
  expect(await holding(15, 30)).toContain("audit/journal-11.jsonl");
  await remove("journal-21.jsonl");
  expect(await holding(25, 30)).toContain("audit/journal-11.jsonl");
  expect(listings()).toBe(3);
});

test("what was pruned is not there, what is gone otherwise is missing", async () => {
  const { holding, prune, remove } = await openFiles([
    "audit/journal-1.jsonl",
    "audit/journal-11.jsonl",
    "journal-21.jsonl",
  ]);
  await holding(5, 20);
  prune(10);
  await remove("audit/journal-1.jsonl");
  expect(await holding(5, 20)).toBeUndefined();
  await remove("audit/journal-11.jsonl");
  await expect(holding(15, 20)).rejects.toThrow("journal-11.jsonl: it is missing");
});
