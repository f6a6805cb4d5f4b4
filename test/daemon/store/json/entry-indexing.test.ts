import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { EntryIndex } from "../../../../daemon/store/json/entry-index.ts";
import { EntryIndexing, type EntryIndexingParts } from "../../../../daemon/store/json/entry-indexing.ts";
import { IdleWork } from "../../../../daemon/store/json/idle-work.ts";
import { JournalHistory } from "../../../../daemon/store/json/journal-history.ts";
import type { JsonStore } from "../../../../daemon/store/json/json-store.ts";
import { segmentStarts } from "../../../../daemon/store/json/segment.ts";
import type { EntryQuery } from "../../../../daemon/store/store.ts";
import type { Entry } from "../../../../protocol/index.ts";
import { type Act, act, BEGIN, isSought, limit, perform, sought } from "../naive-entries.ts";
import { actor, open, temporaryDirectory } from "./fixtures.ts";
import { interceptedFiles, unsyncedFiles } from "./intercepted-files.ts";

/** A store, all that it said, and its history read by other means than its own. */
async function openHistory() {
  const directory = await temporaryDirectory();
  let now = BEGIN;
  const store = await open({ directory, now: () => now, io: unsyncedFiles });
  const said: Entry[] = [];
  store.onEntries((entries) => said.push(...entries));
  let segment = 0;
  const history = new JournalHistory({
    io: unsyncedFiles,
    directory,
    anchor: () => ({ seq: 0, hash: Buffer.alloc(0) }),
    durable: () => ({ seq: store.tip().seq, segment, size: store.status().journalBytes }),
  });
  async function act_(acts: readonly Act[]): Promise<void> {
    for (const each of acts) {
      now += each.later;
      await perform(store, each, new Date(now).toISOString());
    }
    await store.transaction(actor, async (tx) => tx.entry("role.updated", null));
    await expect.poll(() => said.length).toBe(store.tip().seq);
    segment = segmentStarts(await readdir(directory)).at(-1) ?? 0;
  }
  return { directory, store, said, history, perform: act_ };
}

async function readBack(
  history: JournalHistory,
  index: EntryIndex | null,
  limit: number,
  query: Omit<EntryQuery, "limit">,
): Promise<Entry[]> {
  const items: Entry[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page = await history.query({ ...query, limit, ...(before && { before }) }, index);
    items.push(...page.items);
    before = page.next;
  }
  return items;
}

test("what is found is the same whether none, some or all of the entries are indexed, and while more are", async () => {
  const round = fc.record({
    older: fc.array(act, { minLength: 1, maxLength: 20 }),
    newer: fc.array(act, { maxLength: 5 }),
    settles: fc.boolean(),
    queries: fc.array(fc.tuple(sought, limit, fc.nat()), { minLength: 15, maxLength: 15 }),
  });
  const property = fc.asyncProperty(round, async ({ older, newer, settles, queries }) => {
    const { store, said, history, perform } = await openHistory();
    await perform(older);
    if (settles) await store.snapshot();
    const last = said.length;
    await perform(newer);
    for (const [query, limit, part] of queries) {
      const expected = said.filter((entry) => isSought(entry, query)).reverse();
      const index = new EntryIndex(last);
      const indexed = part % (last + 1);
      for (let at = last - 1; at >= last - indexed; at--) index.add(said[at] as Entry);
      expect(await readBack(history, null, limit, query)).toEqual(expected);
      // What is newer is not indexed yet.
      expect(await readBack(history, index, limit, query)).toEqual(expected);
      for (const entry of said.slice(last)) index.add(entry);
      const reading = readBack(history, index, limit, query);
      for (let at = last - indexed - 1; at >= 0; at--) {
        index.add(said[at] as Entry);
        if (at % 7 === 0) await new Promise(setImmediate);
      }
      expect(await reading).toEqual(expected);
      expect(await readBack(history, index, limit, query)).toEqual(expected);
    }
  });
  await fc.assert(property, { numRuns: 12 });
});

test("an entry that the index takes for another one is not told", async () => {
  const { store, said, history, perform } = await openHistory();
  await say(store, ["ada", "ben", "ada"]);
  await perform([]);
  const index = new EntryIndex(0);
  for (const entry of said) {
    index.add({ ...entry, outcome: "failed", subject: { kind: "role", id: "a", name: "ada" } });
  }
  expect(await history.query({ outcome: "failed", limit: 5 }, index)).toEqual({ items: [], next: null });
  expect(await readBack(history, index, 1, { text: "ada" })).toEqual([said[2], said[0]]);
});

/** Entries with a subject of their own each. */
async function say(store: JsonStore, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await store.transaction(actor, async (tx) => tx.entry("role.updated", { kind: "role", id: name, name }));
  }
}

function newIndexing(parts: Omit<EntryIndexingParts, "idleWork">, idleWork = new IdleWork()): EntryIndexing {
  return new EntryIndexing({ ...parts, idleWork });
}

test("nothing is indexed before somebody asks; then all that there is, and what comes", async () => {
  const { store, said, history, perform } = await openHistory();
  await say(store, ["ada", "ben"]);
  await perform([]);
  const reading = vi.spyOn(history, "readBack");
  const indexing = newIndexing({ history, kept: () => ({ before: 0, last: store.tip().seq }) });
  indexing.add(said);
  expect(indexing.index).toBeNull();
  indexing.begin();
  indexing.begin();
  await expect.poll(() => indexing.index?.first).toBe(1);
  indexing.begin();
  expect(reading).toHaveBeenCalledTimes(1);
  await say(store, ["cem"]);
  await expect.poll(() => said.length).toBe(4);
  indexing.add(said.slice(3));
  expect(indexing.index?.find({ text: "cem", limit: 5 }, 5, 1)).toEqual([4]);
  expect(indexing.index?.find({ text: "ada", limit: 5 }, 5, 1)).toEqual([1]);
});

test("no gap is passed over", async () => {
  const { directory, store, said, history, perform } = await openHistory();
  await say(store, ["ada", "ben", "cem"]);
  await perform([]);
  const path = join(directory, "journal-1.jsonl");
  const lines = (await readFile(path, "latin1")).split("\n");
  await writeFile(path, lines.toSpliced(1, 1).join("\n"), "latin1");
  const status = store.status();
  const journalBytes = status.journalBytes - `${lines[1]}\n`.length;
  vi.spyOn(store, "status").mockReturnValue({ ...status, journalBytes });
  const reading = vi.spyOn(history, "readBack");
  const indexing = newIndexing({ history, kept: () => ({ before: 0, last: said.length }) });
  indexing.begin();
  await expect(reading.mock.results[0]?.value).rejects.toThrow("journal-1.jsonl, line ");
  expect(indexing.index?.first).toBe(3);
  vi.restoreAllMocks();
});

test("what is pruned is indexed neither before nor after", async () => {
  const { store, said, history, perform } = await openHistory();
  await say(store, ["ada", "ben", "cem"]);
  await perform([]);
  let before = 1;
  const indexing = newIndexing({ history, kept: () => ({ before, last: said.length }) });
  indexing.begin();
  await expect.poll(() => indexing.index?.first).toBe(2);
  before = 3;
  await perform([]);
  indexing.add(said.slice(4));
  expect([indexing.index?.first, indexing.index?.last]).toEqual([4, 5]);
});

test("only so many entries are indexed, and none more once they name so many parties", async () => {
  const { store, said, history, perform } = await openHistory();
  await say(store, ["ada", "ben", "cem", "dan", "eda"]);
  await perform([]);
  const kept = () => ({ before: 0, last: said.length });
  const short = newIndexing({ history, kept, most: { entries: 2, parties: 100 } });
  const narrow = newIndexing({ history, kept, most: { entries: 100, parties: 4 } });
  for (const indexing of [short, narrow]) indexing.begin();
  await expect.poll(() => short.index?.first).toBe(5);
  // Nothing, eda and dan, and who says so.
  await expect.poll(() => narrow.index?.first).toBe(4);
  for (const name of ["fay", "gus", "hal", "ida", "jan"]) {
    await say(store, [name]);
    await expect.poll(() => said.at(-1)?.subject?.name).toBe(name);
    for (const indexing of [short, narrow]) indexing.add(said.slice(-1));
  }
  expect([short.index?.first, short.index?.last]).toEqual([10, 11]);
  expect(narrow.index).toBeNull();
  narrow.begin();
  await expect.poll(() => narrow.index?.first).toBeLessThan(12);
  expect(narrow.index?.parties).toBe(4);
});

test("once idle work is stopped nothing more is indexed, and no file stays open for it", async () => {
  const { store, said, history, perform } = await openHistory();
  await say(store, ["ada", "ben"]);
  await perform([]);
  const idleWork = new IdleWork();
  const reading = vi.spyOn(history, "readBack");
  const indexing = newIndexing({ history, kept: () => ({ before: 0, last: said.length }) }, idleWork);
  indexing.begin();
  idleWork.stop();
  await expect(reading.mock.results[0]?.value).rejects.toThrow("stopped");
  expect(indexing.index?.first).toBe(said.length + 1);
});

test("what cannot be read is tried again by the next who asks", async () => {
  const { store, said, history, perform } = await openHistory();
  await say(store, ["ada", "ben"]);
  await perform([]);
  vi.spyOn(history, "readBack").mockRejectedValueOnce(new Error("the disk does not answer"));
  const indexing = newIndexing({ history, kept: () => ({ before: 0, last: said.length }) });
  indexing.begin();
  await new Promise(setImmediate);
  expect(indexing.index?.first).toBe(said.length + 1);
  indexing.begin();
  await expect.poll(() => indexing.index?.first).toBe(1);
});

test("after the first search, what nobody did is not looked for in files, and what somebody did is read from there", async () => {
  let opened = 0;
  const io = interceptedFiles((operation, path) => {
    if (operation === "open" && path.includes("journal-")) opened += 1;
    return undefined;
  }, unsyncedFiles);
  const store = await open({ directory: await temporaryDirectory(), io });
  await say(store, ["ada", "ben", "cem"]);
  const opensFor = async (text: string, found: number): Promise<number> => {
    const before = opened;
    expect((await store.queryEntries({ text, limit: 5 })).items).toHaveLength(found);
    return opened - before;
  };
  expect(await opensFor("nobody", 0)).toBeGreaterThan(0);
  await expect.poll(() => opensFor("nobody", 0)).toBe(0);
  expect(await opensFor("ben", 1)).toBeGreaterThan(0);
  await say(store, ["dan"]);
  expect(await opensFor("dan", 1)).toBeGreaterThan(0);
  await expect.poll(() => opensFor("nobody", 0)).toBe(0);
});
