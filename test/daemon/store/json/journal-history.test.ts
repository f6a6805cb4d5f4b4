import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { JsonStore } from "../../../../daemon/store/json/json-store.ts";
import type { EntryQuery } from "../../../../daemon/store/store.ts";
import { actor, addUser, open, temporaryDirectory, user } from "./fixtures.ts";
import { interceptedFiles } from "./intercepted-files.ts";

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** A transaction of so many entries, each of about so many bytes. */
function say(store: JsonStore, count: number, bytes = 0): Promise<void> {
  return store.transaction(actor, async (tx) => {
    const { seq } = store.tip();
    for (let at = 0; at < count; at += 1) {
      const subject = { kind: "user", id: "a", name: `entry-${(seq + 1 + at) % 20}` } as const;
      tx.entry("user.updated", subject, { text: "é".repeat(bytes / 2) });
    }
  });
}

/** All that the store tells, page by page, in the order told. */
async function readBack(store: JsonStore, limit: number, query: Omit<EntryQuery, "limit"> = {}) {
  const seqs: number[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page = await store.queryEntries({ ...query, limit, ...(before && { before }) });
    seqs.push(...page.items.map(({ seq }) => seq));
    before = page.next;
  }
  return seqs;
}

async function readOn(store: JsonStore, since: number): Promise<number[]> {
  const seqs: number[] = [];
  for await (const entries of store.entriesSince(since) ?? []) seqs.push(...entries.map(({ seq }) => seq));
  return seqs;
}

/** Lines of many shapes in two sealed segments and a live one, none of them in memory any more but the last. */
async function openWithHistory() {
  const directory = await temporaryDirectory();
  let day = 0;
  const store = await open({ directory, now: () => Date.UTC(2026, 0, 1 + day) });
  const shapes = [
    [1, 0],
    [7, 10],
    [1, 150_000],
    [3, 100],
    [1, 5000],
    [40, 3000],
  ] as const;
  for (const [count, bytes] of shapes) await say(store, count, bytes);
  await store.snapshot();
  for (const [count, bytes] of shapes) await say(store, count, bytes);
  day += 7;
  await store.close();
  expect(await readdir(join(directory, "audit"))).toEqual(["journal-1.jsonl", "journal-54.jsonl"]);
  const again = await open({ directory });
  for (const [count, bytes] of shapes) await say(again, count, bytes);
  return { directory, store: again, last: 53 * 3 };
}

test.each([1, 2, 7, 50, 500])("pages of %i give every entry once, newest first", async (limit) => {
  const { store, last } = await openWithHistory();
  expect(await readBack(store, limit)).toEqual(range(1, last).reverse());
});

test("reading on from any position gives all that came after it", async () => {
  const { store, last } = await openWithHistory();
  for (let since = 0; since <= last; since += since < 60 ? 1 : 9) {
    expect(await readOn(store, since)).toEqual(range(since + 1, last));
  }
  expect(store.entriesSince(last + 1)).toBeNull();
});

test("a page begins where it is told and holds what matches", async () => {
  const { store } = await openWithHistory();
  const page = await store.queryEntries({ before: 60, text: "entry-0", limit: 2 });
  expect(page.items.map(({ seq }) => seq)).toEqual([40, 20]);
  const rest = await store.queryEntries({ before: page.next ?? 0, limit: 500 });
  expect(rest.items.map(({ seq }) => seq)).toEqual(range(1, 19).reverse());
});

test("a search for what is rare ends early, says so, and can go on to the end", async () => {
  const store = await open({ directory: await temporaryDirectory() });
  await addUser(store, user("rare"));
  for (let line = 0; line < 20; line += 1) await say(store, 1, 500_000);
  const first = await store.queryEntries({ text: "rare", limit: 50 });
  expect(first).toEqual({ items: [], next: expect.any(Number) });
  const newer = await store.queryEntries({ after: 20, text: "rare", limit: 50 });
  expect(newer).toEqual({ items: [], next: null });
  expect(await readBack(store, 50, { text: "rare" })).toEqual([1]);
});

test("a search for what no line mentions goes further for each page, and is as sure of what there is", async () => {
  const nothing = { text: "nobody", limit: 50 };
  const whole = await openWithHistory();
  expect(await whole.store.queryEntries(nothing)).toEqual({ items: [], next: null });
  const cut = await openWithHistory();
  const path = join(cut.directory, "audit", "journal-1.jsonl");
  const lines = (await readFile(path, "latin1")).split("\n");
  await writeFile(path, lines.toSpliced(0, 1).join("\n"), "latin1");
  await expect(cut.store.queryEntries(nothing)).rejects.toThrow("journal-1.jsonl, line 1: ");
  const empty = await openWithHistory();
  await writeFile(join(empty.directory, "audit", "journal-1.jsonl"), "");
  await expect(empty.store.queryEntries(nothing)).rejects.toThrow("journal-1.jsonl: position 53 is missing");
});

test("a new directory has no history", async () => {
  const store = await open({ directory: await temporaryDirectory() });
  expect(await store.queryEntries({ limit: 50 })).toEqual({ items: [], next: null });
  expect(await readOn(store, 0)).toEqual([]);
});

test("what is not on disk yet is not told, and the writer is not held up", async () => {
  let passSync = (): void => {};
  let held = false;
  const io = interceptedFiles(async (operation) => {
    if (held && operation === "datasync") await new Promise<void>((resolve) => (passSync = resolve));
    return undefined;
  });
  const store = await open({ directory: await temporaryDirectory(), io });
  await say(store, 2);
  held = true;
  const writing = say(store, 1);
  await expect.poll(() => passSync.name).not.toBe("passSync");
  expect(await readBack(store, 50)).toEqual([2, 1]);
  expect(store.tip().seq).toBe(2);
  held = false;
  passSync();
  await writing;
  expect(await readBack(store, 50)).toEqual([3, 2, 1]);
});

test("the tip is the hash that the last line bears", async () => {
  const directory = await temporaryDirectory();
  const store = await open({ directory });
  await say(store, 3);
  const [line = ""] = (await readFile(join(directory, "journal-1.jsonl"), "utf8")).split("\n");
  const { hash } = JSON.parse(line);
  expect(store.tip()).toEqual({ seq: 3, hash, epoch: store.status().epoch });
});

test("a damaged old segment is named with its line, and never passed over", async () => {
  const { directory, store } = await openWithHistory();
  const path = join(directory, "audit", "journal-1.jsonl");
  const whole = await readFile(path);
  await truncate(path, whole.lastIndexOf("\n", whole.length - 2) + 1);
  await expect(readBack(store, 50)).rejects.toThrow("journal-1.jsonl: position 53 is missing");
  await expect(readOn(store, 0)).rejects.toThrow("journal-1.jsonl: position 14 is missing");
  await writeFile(path, whole.subarray(0, -100));
  await expect(readBack(store, 50)).rejects.toThrow("journal-1.jsonl, line 6: its end is missing");
  await writeFile(path, whole.toString("latin1").replace('"entries"', '"entriez"'), "latin1");
  await expect(readBack(store, 50)).rejects.toThrow("journal-1.jsonl, line 1: ");
  const lines = whole.toString("latin1").split("\n");
  await writeFile(path, lines.toSpliced(3, 1).join("\n"), "latin1");
  await expect(readBack(store, 50)).rejects.toThrow("journal-1.jsonl, line 4: ");
  await expect(readOn(store, 0)).rejects.toThrow("journal-1.jsonl, line 4: ");
  await rm(path);
  await expect(readBack(store, 50)).rejects.toThrow("journal-1.jsonl: it is missing");
});

test("an old segment that was damaged and is put right is read as it is again", async () => {
  const { directory, store, last } = await openWithHistory();
  const path = join(directory, "audit", "journal-1.jsonl");
  const whole = await readFile(path);
  const lines = whole.toString("latin1").replace('"text":""', '"text":"more"').split("\n");
  await writeFile(path, lines.toSpliced(3, 1).join("\n"), "latin1");
  await expect(readOn(store, 0)).rejects.toThrow("journal-1.jsonl, line 1: ");
  await writeFile(path, whole);
  for (const since of [0, 14, 20, 50]) expect(await readOn(store, since)).toEqual(range(since + 1, last));
});
