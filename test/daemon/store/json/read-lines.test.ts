import { type FileHandle, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBlocks, readLines, readLinesBackwards } from "../../../../daemon/store/json/read-lines.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "roster-lines-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function reading<T>(content: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const path = join(directory, "file");
  await writeFile(path, content);
  const file = await open(path, "r");
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test("a file is read as its lines, however they lie in the chunks, and from its end as well", async () => {
  const content = fc.string({ unit: fc.constantFrom("a", "é", "\n", "\n"), maxLength: 40 });
  const property = fc.asyncProperty(content, fc.integer({ min: 1, max: 12 }), async (content, chunkBytes) => {
    const lines = content.split(/(?<=\n)/).filter((line) => line !== "");
    await reading(content, async (file) => {
      const blocks = await all(readLines(file, 0, undefined, chunkBytes));
      expect(blocks.flat().map(String)).toEqual(lines);
      const bytes = Buffer.from(content);
      expect(
        (await all(readLinesBackwards(file, bytes.length, chunkBytes))).reverse().flat().map(String),
      ).toEqual(lines);
      const first = bytes.indexOf("\n") + 1;
      const last = bytes.lastIndexOf("\n") + 1;
      const part = await all(readBlocks(file, first, last, chunkBytes));
      expect(Buffer.concat(part)).toEqual(bytes.subarray(first, last));
    });
  });
  await fc.assert(property, { numRuns: 100 });
});

type Read = (bytes: Buffer, offset: number, length: number, position: number) => Promise<unknown>;

/** Has the file's reads go through another function. */
function intercept(
  file: FileHandle,
  around: (read: () => Promise<unknown>, position: number) => Promise<unknown>,
) {
  const read = file.read.bind(file) as Read;
  const intercepted: Read = (...args) => around(() => read(...args), args[3]);
  file.read = intercepted as FileHandle["read"];
}

test("a line of many chunks is read in few", async () => {
  await reading(`${"x".repeat(100_000)}\n`, async (file) => {
    let reads = 0;
    intercept(file, (read) => {
      reads += 1;
      return read();
    });
    const [block] = await all(readBlocks(file, 0, undefined, 100));
    expect(block?.length).toBe(100_001);
    expect(reads).toBeLessThan(15);
  });
});

test("a read that fails while its lines are worked at is told once they are asked for", async () => {
  await reading("one\ntwo\n", async (file) => {
    intercept(file, async (read, position) => {
      if (position > 0) throw new Error("the disk is gone");
      return read();
    });
    const blocks = readBlocks(file, 0, undefined, 4);
    expect((await blocks.next()).value?.toString()).toBe("one\n");
    // By then a failure that nobody would hear has ended the process.
    await new Promise(setImmediate);
    await expect(blocks.next()).rejects.toThrow("the disk is gone");
  });
});

test("whoever leaves early leaves no read behind that the file is closed under", async () => {
  await reading("one\ntwo\n", async (file) => {
    let underWay = 0;
    intercept(file, async (read) => {
      underWay += 1;
      const done = await read();
      underWay -= 1;
      return done;
    });
    for await (const bytes of readBlocks(file, 0, undefined, 4)) {
      expect([bytes.toString(), underWay]).toEqual(["one\n", 1]);
      break;
    }
    expect(underWay).toBe(0);
  });
});
