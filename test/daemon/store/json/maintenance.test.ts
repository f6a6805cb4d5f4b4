import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { defaultLimits, Maintenance } from "../../../../daemon/store/json/maintenance.ts";
import { silentLog } from "../../../../daemon/store/json/store-log.ts";
import { actor, addUser, key, open, temporaryDirectory, user } from "./fixtures.ts";
import { interceptedFiles, systemError } from "./intercepted-files.ts";

const MINUTE_MS = 60_000;
const MEBIBYTE = 1024 * 1024;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
});

/** Counts what is asked for. */
function maintenance(heal: () => Promise<void> = async () => {}) {
  const asked = { snapshots: 0, flushes: 0, heals: 0 };
  const tasks = {
    snapshot: async () => {
      asked.snapshots += 1;
    },
    flushUsage: async () => {
      asked.flushes += 1;
    },
    heal: () => {
      asked.heals += 1;
      return heal();
    },
  };
  return { asked, upkeep: new Maintenance(defaultLimits, tasks, silentLog) };
}

test("a snapshot is taken once nothing has changed for five minutes, and not again before something does", () => {
  const { asked, upkeep } = maintenance();
  upkeep.noteWrite(1000, 500, true);
  vi.advanceTimersByTime(5 * MINUTE_MS - 1);
  upkeep.noteWrite(2000, 500, true);
  vi.advanceTimersByTime(5 * MINUTE_MS - 1);
  expect(asked.snapshots).toBe(0);
  vi.advanceTimersByTime(1);
  expect(asked.snapshots).toBe(1);
  upkeep.noteSnapshot();
  vi.advanceTimersByTime(60 * MINUTE_MS);
  expect(asked.snapshots).toBe(1);
});

test("uses and attempts alone are no reason for a snapshot", () => {
  const { asked, upkeep } = maintenance();
  upkeep.noteWrite(MEBIBYTE, 500, false);
  vi.advanceTimersByTime(24 * 60 * MINUTE_MS);
  expect(asked.snapshots).toBe(0);
  upkeep.stop();
});

test("a snapshot is taken when the journal is longer than 16 MiB and than twice the snapshot, and asked for again if it fails", () => {
  const { asked, upkeep } = maintenance();
  upkeep.noteWrite(16 * MEBIBYTE - 1, 500, true);
  upkeep.noteWrite(29 * MEBIBYTE, 15 * MEBIBYTE, true);
  expect(asked.snapshots).toBe(0);
  upkeep.noteWrite(30 * MEBIBYTE, 15 * MEBIBYTE, true);
  upkeep.noteWrite(31 * MEBIBYTE, 15 * MEBIBYTE, true);
  expect(asked.snapshots).toBe(1);
  upkeep.noteWrite(46 * MEBIBYTE, 15 * MEBIBYTE, true);
  expect(asked.snapshots).toBe(2);
  upkeep.stop();
});

test("uses are written once a minute, and a failed storage is probed every second until it heals", async () => {
  let broken = true;
  const { asked, upkeep } = maintenance(async () => {
    if (broken) throw new Error("still broken");
  });
  upkeep.noteFailure();
  upkeep.noteFailure();
  await vi.advanceTimersByTimeAsync(3000);
  expect(asked.heals).toBe(3);
  broken = false;
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(asked).toEqual({ snapshots: 0, flushes: 1, heals: 4 });
  upkeep.stop();
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(asked.flushes).toBe(1);
});

/** A snapshot begins with a segment of its own. */
async function segments(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.startsWith("journal-")).sort();
}

test("the store takes what changed records, and only that, for a change", async () => {
  const directory = await temporaryDirectory();
  const store = await open({ directory });
  await store.transaction(actor, async (tx) => {
    tx.put("keys", key("k", "a"));
    tx.entry("key.created", null);
  });
  await store.snapshot();
  const before = await segments(directory);
  store.countUse("k", "2026-01-01T00:00:00.000Z", null);
  await store.flushUsage();
  await store.transaction(actor, async (tx) => tx.entry("login.failed", null));
  vi.advanceTimersByTime(60 * MINUTE_MS);
  await store.transaction(actor, async (tx) => tx.entry("login.failed", null));
  expect(await segments(directory)).toEqual(before);
  await addUser(store, user("a"));
  vi.advanceTimersByTime(60 * MINUTE_MS);
  await store.transaction(actor, async (tx) => tx.entry("login.failed", null));
  expect(await segments(directory)).not.toEqual(before);
});

test("what a crash left to the journal alone is a change too", async () => {
  const directory = await temporaryDirectory();
  await (await open({ directory })).close();
  const io = interceptedFiles((operation, path) => {
    if (operation === "rename" && path.endsWith("users.json")) throw systemError("EIO");
    return undefined;
  });
  const store = await open({ directory, io });
  await addUser(store, user("a"));
  await store.close();

  await open({ directory });
  vi.advanceTimersByTime(5 * MINUTE_MS);
  vi.useRealTimers();
  await expect.poll(() => readFile(join(directory, "users.json"), "utf8")).toContain("name-a");
});
