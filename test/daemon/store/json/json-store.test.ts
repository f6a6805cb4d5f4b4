import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { type FileSystem, fileSystem } from "../../../../daemon/store/json/files.ts";
import type { JsonStore } from "../../../../daemon/store/json/json-store.ts";
import { actor, addUser, key, open, temporaryDirectory, user } from "./fixtures.ts";

async function seqsSince(store: JsonStore, since: number): Promise<number[]> {
  const seqs: number[] = [];
  for await (const entries of store.entriesSince(since) ?? []) seqs.push(...entries.map(({ seq }) => seq));
  return seqs;
}

test("a stop does without a snapshot that would take too long, and nothing is lost", async () => {
  const directory = await temporaryDirectory();
  const io: FileSystem = {
    ...fileSystem,
    async open(path, ...how) {
      if (String(path).endsWith(".tmp")) await vi.advanceTimersByTimeAsync(2500);
      return fileSystem.open(path, ...how);
    },
  };
  const store = await open({ directory });
  await store.close();
  const slow = await open({ directory, io });
  await addUser(slow, user("a"));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  await slow.close();

  const snapshot = await readFile(join(directory, "users.json"), "utf8");
  expect(snapshot).not.toContain("name-a");
  expect((await readdir(directory)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  vi.useRealTimers();
  const again = await open({ directory });
  expect(await again.user("a")).toEqual(user("a"));
});

test("lists are made in idle moments from a while after the start to the end", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const store = await open({ directory: await temporaryDirectory() });
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(60_000);
  expect(vi.getTimerCount()).toBe(0);
  await store.queryKeys({ offset: 0, limit: 1 });
  expect(vi.getTimerCount()).toBe(1);
  await store.close();
  expect(vi.getTimerCount()).toBe(0);
});

test("uses are counted in memory and written as a line of their own", async () => {
  const directory = await temporaryDirectory();
  const store = await open({ directory });
  await store.transaction(actor, async (tx) => {
    tx.put("keys", key("k", "a"));
    tx.entry("key.created", null);
  });
  store.countUse("k", "2026-01-01T00:00:00.000Z", "::1");
  store.countUse("k", "2026-01-02T00:00:00.000Z", "::1");
  const counted = { id: "k", lastUsedAt: "2026-01-02T00:00:00.000Z", lastUsedFrom: "::1", useCount: 2 };
  expect(await store.usage("k")).toEqual(counted);
  await store.flushUsage();
  expect(store.status().seq).toBe(2);
  await store.close();
  expect(await (await open({ directory })).usage("k")).toEqual(counted);
});

test("entries since a position are those that came after it, from memory or from the journal", async () => {
  const directory = await temporaryDirectory();
  const store = await open({ directory });
  for (const id of ["a", "b", "c"]) await addUser(store, user(id));
  await store.snapshot();
  await addUser(store, user("d"));
  await store.close();

  const again = await open({ directory });
  await addUser(again, user("e"));
  await addUser(again, user("f"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(await seqsSince(again, 4)).toEqual([5, 6]);
  expect(await seqsSince(again, 0)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(again.entriesSince(7)).toBeNull();
});
