import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { EntryIndex } from "../../../../daemon/store/json/entry-index.ts";
import { EntryIndexing, type EntryIndexingParts } from "../../../../daemon/store/json/entry-indexing.ts";
import { IdleWork } from "../../../../daemon/store/json/idle-work.ts";
import { type Indexed, JournalHistory } from "../../../../daemon/store/json/journal-history.ts";
import type { JsonStore } from "../../../../daemon/store/json/json-store.ts";
import { NewestEntries } from "../../../../daemon/store/json/newest-entries.ts";
import { segmentStarts } from "../../../../daemon/store/json/segment.ts";
import type { EntryQuery } from "../../../../daemon/store/store.ts";
import type { Entry } from "../../../../protocol/index.ts";
import { type Act, act, BEGIN, isSought, limit, perform, sought } from "../naive-entries.ts";
import { actor, open, temporaryDirectory } from "./fixtures.ts";
import { type Hook, interceptedFiles, systemError, unsyncedFiles } from "./intercepted-files.ts";

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
  indexed: Indexed | null,
  limit: number,
  query: Omit<EntryQuery, "limit">,
): Promise<Entry[]> {
  const items: Entry[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page = await history.query({ ...query, limit, ...(before && { before }) }, indexed);
    items.push(...page.items);
    before = page.next;
  }
  return items;
}

/** What an entry counts for here. */
const BYTES = 100;

const lineOf = (...entries: Entry[]) => ({ entries, bytes: BYTES * entries.length });

/** Begins behind position `last`. */
function indexedAfter(last: number, newestBytes: number): Indexed {
  return { index: new EntryIndex(last), newest: new NewestEntries(last, newestBytes) };
}

function addOlder({ index, newest }: Indexed, entry: Entry): void {
  index.add(entry);
  newest.addOlder(lineOf(entry));
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
      const indexed = indexedAfter(last, BYTES * (part % 10));
      const older = part % (last + 1);
      for (let at = last - 1; at >= last - older; at--) addOlder(indexed, said[at] as Entry);
      expect(await readBack(history, null, limit, query)).toEqual(expected);
      // What is newer is not indexed yet.
      expect(await readBack(history, indexed, limit, query)).toEqual(expected);
      for (const entry of said.slice(last)) {
        indexed.index.add(entry);
        indexed.newest.add(lineOf(entry));
      }
      const reading = readBack(history, indexed, limit, query);
      for (let at = last - older - 1; at >= 0; at--) {
        addOlder(indexed, said[at] as Entry);
        if (at % 7 === 0) await new Promise(setImmediate);
      }
      expect(await reading).toEqual(expected);
      expect(await readBack(history, indexed, limit, query)).toEqual(expected);
    }
  });
  await fc.assert(property, { numRuns: 12 });
});

test.each([
  ["read", 0],
  ["at hand", 10 * BYTES],
])("an entry that the index takes for another one is not told when it is %s", async (_, newestBytes) => {
  const { store, said, history, perform } = await openHistory();
  await say(store, ["ada", "ben", "ada"]);
  await perform([]);
  const indexed = indexedAfter(0, newestBytes);
  for (const entry of said) {
    indexed.index.add({ ...entry, outcome: "failed", subject: { kind: "role", id: "a", name: "ada" } });
    indexed.newest.add(lineOf(entry));
  }
  expect(await history.query({ outcome: "failed", limit: 5 }, indexed)).toEqual({ items: [], next: null });
  expect(await readBack(history, indexed, 1, { text: "ada" })).toEqual([said[2], said[0]]);
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
  indexing.add(lineOf(...said));
  expect(indexing.indexed).toBeNull();
  indexing.begin();
  indexing.begin();
  await expect.poll(() => indexing.indexed?.index.first).toBe(1);
  indexing.begin();
  expect(reading).toHaveBeenCalledTimes(1);
  await say(store, ["cem"]);
  await expect.poll(() => said.length).toBe(4);
  indexing.add(lineOf(...said.slice(3)));
  expect(indexing.indexed?.index.find({ text: "cem", limit: 5 }, 5, 1)).toEqual([4]);
  expect(indexing.indexed?.index.find({ text: "ada", limit: 5 }, 5, 1)).toEqual([1]);
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
  expect(indexing.indexed?.index.first).toBe(3);
  vi.restoreAllMocks();
});

test("what is pruned is indexed neither before nor after", async () => {
  const { store, said, history, perform } = await openHistory();
  await say(store, ["ada", "ben", "cem"]);
  await perform([]);
  let before = 1;
  const indexing = newIndexing({ history, kept: () => ({ before, last: said.length }) });
  indexing.begin();
  await expect.poll(() => indexing.indexed?.index.first).toBe(2);
  before = 3;
  await perform([]);
  indexing.add(lineOf(...said.slice(4)));
  expect([indexing.indexed?.index.first, indexing.indexed?.index.last]).toEqual([4, 5]);
});

test("only so many entries are indexed, and none more once they name so many parties", async () => {
  const { store, said, history, perform } = await openHistory();
  await say(store, ["ada", "ben", "cem", "dan", "eda"]);
  await perform([]);
  const kept = () => ({ before: 0, last: said.length });
  const short = newIndexing({ history, kept, most: { entries: 2, parties: 100 } });
  const narrow = newIndexing({ history, kept, most: { entries: 100, parties: 4 } });
  for (const indexing of [short, narrow]) indexing.begin();
  await expect.poll(() => short.indexed?.index.first).toBe(5);
  // Nothing, eda and dan, and who says so.
  await expect.poll(() => narrow.indexed?.index.first).toBe(4);
  for (const name of ["fay", "gus", "hal", "ida", "jan"]) {
    await say(store, [name]);
    await expect.poll(() => said.at(-1)?.subject?.name).toBe(name);
    for (const indexing of [short, narrow]) indexing.add(lineOf(...said.slice(-1)));
  }
  expect([short.indexed?.index.first, short.indexed?.index.last]).toEqual([10, 11]);
  expect(narrow.indexed).toBeNull();
  narrow.begin();
  await expect.poll(() => narrow.indexed?.index.first).toBeLessThan(12);
  expect(narrow.indexed?.index.parties).toBe(4);
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
  expect(indexing.indexed?.index.first).toBe(said.length + 1);
});

test("what cannot be read is tried again by the next who asks", async () => {
  const { store, said, history, perform } = await openHistory();
  await say(store, ["ada", "ben"]);
  await perform([]);
  vi.spyOn(history, "readBack").mockRejectedValueOnce(new Error("the disk does not answer"));
  const indexing = newIndexing({ history, kept: () => ({ before: 0, last: said.length }) });
  indexing.begin();
  await new Promise(setImmediate);
  expect(indexing.indexed?.index.first).toBe(said.length + 1);
  indexing.begin();
  await expect.poll(() => indexing.indexed?.index.first).toBe(1);
});

/** A start has more urgent things to do than an index. */
const LATER = { timeout: 20_000 };

/** A store, and how often a file of its journal is opened for reading. */
async function openCounted(hook: Hook = () => undefined) {
  let opened = 0;
  const io = interceptedFiles((operation, path, length) => {
    if (operation === "open" && path.includes("journal-")) opened += 1;
    return hook(operation, path, length);
  }, unsyncedFiles);
  const store = await open({ directory: await temporaryDirectory(), io });
  /** What is told of subjects with this text in their names, newest first, and for how many opened files. */
  async function search(text?: string) {
    const before = opened;
    const { items } = await store.queryEntries({ limit: 5, ...(text !== undefined && { text }) });
    return { found: items.map(({ subject }) => subject?.name), opens: opened - before };
  }
  return { store, search };
}

test("after the first search, what nobody did is not looked for in files, nor are the newest entries, even once they are sealed", async () => {
  const { store, search } = await openCounted();
  await say(store, ["ada", "ben", "cem"]);
  expect((await search("nobody")).opens).toBeGreaterThan(0);
  await expect.poll(() => search("nobody"), LATER).toEqual({ found: [], opens: 0 });
  expect(await search("ben")).toEqual({ found: ["ben"], opens: 0 });
  await say(store, ["dan"]);
  expect(await search()).toEqual({ found: ["dan", "cem", "ben", "ada"], opens: 0 });
  await store.snapshot();
  await say(store, ["eda"]);
  expect(await search()).toEqual({ found: ["eda", "dan", "cem", "ben", "ada"], opens: 0 });
});

test("after the first search, older entries are still read", async () => {
  const { store, search } = await openCounted();
  await say(store, ["ada"]);
  await store.transaction(actor, async (tx) => {
    for (let at = 0; at < 10; at++) tx.entry("role.updated", null, { text: "x".repeat(100_000) });
  });
  await say(store, ["ben"]);
  await search("nobody");
  await expect.poll(() => search("nobody"), LATER).toEqual({ found: [], opens: 0 });
  expect(await search("ada")).toEqual({ found: ["ada"], opens: 1 });
});

test("what could not be written is never told, and what is written once that works again is", async () => {
  let fails = false;
  const { store, search } = await openCounted((operation) => {
    if (fails && operation === "datasync") throw systemError("EIO");
    return undefined;
  });
  await say(store, ["ada", "ben"]);
  await search();
  await expect.poll(() => search(), LATER).toEqual({ found: ["ben", "ada"], opens: 0 });
  fails = true;
  await expect(say(store, ["cem"])).rejects.toThrow("Changes are not accepted");
  expect(await search()).toEqual({ found: ["ben", "ada"], opens: 0 });
  fails = false;
  await store.heal();
  await say(store, ["dan"]);
  expect(await search()).toEqual({ found: ["dan", "ben", "ada"], opens: 0 });
});
