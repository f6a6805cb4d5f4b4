import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type JsonStore, openJsonStore } from "../../../../daemon/store/json/json-store.ts";
import { type StoreLog, silentLog } from "../../../../daemon/store/json/store-log.ts";
import type { Entry } from "../../../../protocol/index.ts";
import { addUser, open, temporaryDirectory, user } from "./fixtures.ts";
import { interceptedFiles, systemError, unsyncedFiles } from "./intercepted-files.ts";

const DAY_MS = 24 * 3_600_000;
const BEGIN = Date.UTC(2026, 0, 1);
const day = (number: number) => new Date(BEGIN + number * DAY_MS).toISOString();
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const always = Number.POSITIVE_INFINITY;

/** A directory with three sealed files of two entries each, two days apart, and as many entries that are not sealed. */
async function historyOfDays(io = unsyncedFiles): Promise<{ directory: string; store: JsonStore }> {
  const directory = await temporaryDirectory();
  let now = BEGIN;
  const store = await openJsonStore({ directory, io, now: () => now });
  for (const number of [0, 2, 4, 6]) {
    now = BEGIN + number * DAY_MS;
    await addUser(store, user(`${number}`));
    await addUser(store, user(`${number}-later`));
    if (number < 6) await store.snapshot();
  }
  expect(await sealedFiles(directory)).toEqual(["journal-1.jsonl", "journal-3.jsonl", "journal-5.jsonl"]);
  return { directory, store };
}

function sealedFiles(directory: string): Promise<string[]> {
  return readdir(join(directory, "audit"));
}

async function readBack(store: JsonStore): Promise<Entry[]> {
  const { items, next } = await store.queryEntries({ limit: 500 });
  expect(next).toBeNull();
  return items;
}

async function seqsSince(store: JsonStore, since: number): Promise<number[] | null> {
  const groups = store.entriesSince(since);
  if (groups === null) return null;
  const seqs: number[] = [];
  for await (const entries of groups) seqs.push(...entries.map(({ seq }) => seq));
  return seqs;
}

async function hashAt(directory: string, name: string): Promise<string> {
  const lines = (await readFile(join(directory, "audit", name), "utf8")).trimEnd().split("\n");
  return JSON.parse(lines.at(-1) ?? "").hash;
}

test("the oldest entries go for their age; the journal tells where the history begins then", async () => {
  const { directory, store } = await historyOfDays();
  const hash = await hashAt(directory, "journal-3.jsonl");
  await store.pruneEntries({ since: day(3), bytes: always });

  expect(await sealedFiles(directory)).toEqual(["journal-5.jsonl"]);
  const [pruned, ...kept] = await readBack(store);
  expect(pruned).toMatchObject({
    seq: 9,
    type: "audit.pruned",
    actor: { kind: "system" },
    data: { seq: 4, hash },
  });
  expect(kept.map(({ seq }) => seq)).toEqual(range(5, 8).reverse());
  expect(await seqsSince(store, 4)).toEqual(range(5, 9));
  expect(await seqsSince(store, 3)).toBeNull();
  await store.close();

  const again = await open({ directory });
  expect((await readBack(again)).at(-1)?.seq).toBe(5);
  expect([await seqsSince(again, 4), await seqsSince(again, 3)]).toEqual([range(5, 9), null]);
});

test("an entry that is not old enough keeps all that are sealed with it", async () => {
  const { directory, store } = await historyOfDays();
  await store.pruneEntries({ since: day(2), bytes: always });
  expect(await sealedFiles(directory)).toEqual(["journal-3.jsonl", "journal-5.jsonl"]);
  await store.close();
});

test("the oldest entries go when there are too many", async () => {
  const { directory, store } = await historyOfDays();
  const sizes = await Promise.all(
    (await sealedFiles(directory)).map(async (name) => (await stat(join(directory, "audit", name))).size),
  );
  const [, second = 0, third = 0] = sizes;
  await store.pruneEntries({ since: null, bytes: second + third });
  expect(await sealedFiles(directory)).toEqual(["journal-3.jsonl", "journal-5.jsonl"]);
  await store.pruneEntries({ since: null, bytes: third - 1 });
  expect(await sealedFiles(directory)).toEqual([]);
  expect((await readBack(store)).map(({ seq }) => seq)).toEqual(range(7, 10).reverse());

  await store.snapshot();
  expect(await sealedFiles(directory)).toEqual(["journal-7.jsonl"]);
  expect((await readBack(store)).at(-1)?.seq).toBe(7);
  await store.close();
});

test("where nothing need go nothing is written", async () => {
  const { store } = await historyOfDays();
  const { seq } = store.status();
  await store.pruneEntries({ since: day(0), bytes: always });
  await store.pruneEntries({ since: null, bytes: always });
  expect(store.status().seq).toBe(seq);
  await store.close();
});

test("a process that dies at any step of pruning leaves a history with a beginning", async () => {
  for (let steps = 0; ; steps += 1) {
    let armed = false;
    let taken = 0;
    const { directory, store } = await historyOfDays(
      interceptedFiles(() => {
        if (!armed) return undefined;
        taken += 1;
        if (taken > steps) throw systemError("EIO");
        return undefined;
      }, unsyncedFiles),
    );
    armed = true;
    await store.pruneEntries({ since: day(5), bytes: always }).catch(() => {});
    if (steps % 2) await store.snapshot().catch(() => {});
    await store.close();

    const again = await open({ directory, io: unsyncedFiles });
    const entries = await readBack(again);
    const pruned = entries.find(({ type }) => type === "audit.pruned");
    const first = Number(pruned?.data.seq ?? 0) + 1;
    expect(entries.map(({ seq }) => seq)).toEqual(range(first, again.status().seq).reverse());
    expect(await seqsSince(again, first - 2)).toBeNull();
    await again.close();
    expect((await sealedFiles(directory))[0]).toBe(`journal-${first}.jsonl`);
    if (taken <= steps) break;
  }
}, 60_000);

test("a query under way ends where the history begins now, and a replay says that it cannot go on", async () => {
  const { directory, store: before } = await historyOfDays();
  await before.close();
  const store = await open({ directory });
  const replay = store.entriesSince(0)?.[Symbol.asyncIterator]();
  expect((await replay?.next())?.value).toHaveLength(2);
  const page = await store.queryEntries({ limit: 4 });
  await store.pruneEntries({ since: day(5), bytes: always });
  expect(page.next).toBe(5);
  expect(await store.queryEntries({ before: 5, limit: 4 })).toEqual({
    items: [],
    next: null,
  });
  await expect(replay?.next()).rejects.toThrow("pruned meanwhile");
});

test("audit files that are gone, and were not pruned, keep the store from opening", async () => {
  const { directory, store } = await historyOfDays();
  await store.pruneEntries({ since: day(1), bytes: always });
  await store.close();
  await rm(join(directory, "audit", "journal-3.jsonl"));
  await expect(open({ directory })).rejects.toThrow(join("audit", "journal-3.jsonl: it is missing"));
});

test("what is too damaged to be pruned stays, and the log says where it is", async () => {
  const { directory, store: before } = await historyOfDays();
  await before.close();
  const path = join(directory, "audit", "journal-1.jsonl");
  await writeFile(path, (await readFile(path)).subarray(0, -1));
  const errors: unknown[] = [];
  const error: StoreLog["error"] = ({ err }: { err?: Error }) => errors.push(err?.message);
  const store = await open({ directory, log: { ...silentLog, error } });
  await store.pruneEntries({ since: day(3), bytes: always });
  expect(errors).toEqual([expect.stringContaining("journal-1.jsonl: of its last line, ")]);
  expect(await sealedFiles(directory)).toContain("journal-1.jsonl");
});

test("a store that is closed removes nothing", async () => {
  const { directory, store } = await historyOfDays();
  const closed = store.close();
  await store.pruneEntries({ since: day(5), bytes: always });
  await closed;
  expect(await sealedFiles(directory)).toContain("journal-1.jsonl");
});
