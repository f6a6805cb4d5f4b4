import { appendFile, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileSystem } from "../../../../daemon/store/json/files.ts";
import { Journal } from "../../../../daemon/store/json/journal.ts";
import { openJsonStore } from "../../../../daemon/store/json/json-store.ts";
import { silentLog } from "../../../../daemon/store/json/store-log.ts";
import { unpackBackup } from "../../../../daemon/store/json/unpack-backup.ts";
import { addUser, open, temporaryDirectory, user } from "./fixtures.ts";
import { type Hook, interceptedFiles, systemError, unsyncedFiles } from "./intercepted-files.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { copyOf } from "./used-directory.ts";

const limits = { probeMs: 1e9 };

/** What the file holds before the zeros behind its lines, and how many zeros there are. */
async function readLines(path: string): Promise<{ text: string; zeros: number }> {
  const bytes = await readFile(path, "latin1");
  const text = bytes.replace(/\0+$/, "");
  return { text, zeros: bytes.length - text.length };
}

test("changes one after the other leave the file's size alone, so that a sync has nothing but the line to write", async () => {
  const directory = await temporaryDirectory();
  const store = await open({ directory });
  const sizes = new Set<number>();
  for (let number = 0; number < 100; number += 1) {
    await addUser(store, user(`${number}`));
    sizes.add((await stat(join(directory, "journal-1.jsonl"))).size);
  }
  expect(sizes.size).toBe(1);
  const { text, zeros } = await readLines(join(directory, "journal-1.jsonl"));
  expect(text.trimEnd().split("\n")).toHaveLength(100);
  expect(zeros).toBeGreaterThan(0);
  expect(store.status().journalBytes).toBe(text.length);
});

test("a change larger than all that was written ahead finds its place", async () => {
  const directory = await temporaryDirectory();
  const store = await open({ directory });
  const users = [user("a"), user("b", { fullName: "x".repeat(1_000_000) }), user("c")];
  for (const one of users) await addUser(store, one);
  const again = await open({ directory: await copyOf(directory) });
  for (const one of users) expect(await again.user(one.id)).toEqual(one);
});

test("after a kill the zeros are cut off at the next start: nothing is said, and nothing set aside", async () => {
  const directory = await temporaryDirectory();
  const killed = await open({ directory });
  await addUser(killed, user("a"));
  const copy = await copyOf(directory);
  const { text } = await readLines(join(copy, "journal-1.jsonl"));
  const warnings: unknown[] = [];
  const log = { ...silentLog, warn: (...what: unknown[]) => warnings.push(what) };
  const store = await open({ directory: copy, log });
  expect(await store.user("a")).toEqual(user("a"));
  expect(await readFile(join(copy, "journal-1.jsonl"), "latin1")).toBe(text);
  expect([warnings, (await readdir(copy)).filter((name) => name.startsWith("torn-"))]).toEqual([[], []]);
});

test("once another segment has begun, and after a stop, the files hold lines and nothing else", async () => {
  const directory = await temporaryDirectory();
  const store = await openWithoutSnapshots(directory);
  await addUser(store, user("a"));
  await expect(store.snapshot()).rejects.toThrow("ENOSPC");
  expect((await readLines(join(directory, "journal-1.jsonl"))).zeros).toBe(0);
  await addUser(store, user("b"));
  expect((await readLines(join(directory, "journal-2.jsonl"))).zeros).toBeGreaterThan(0);
  await store.close();
  for (const name of ["journal-1.jsonl", "journal-2.jsonl", "journal-3.jsonl"]) {
    expect(await readLines(join(directory, name))).toEqual({
      text: expect.stringMatching(/^(\{.*\}\n)?$/),
      zeros: 0,
    });
  }
});

test("zeros behind a segment that is not the last are damage", async () => {
  const directory = await temporaryDirectory();
  const store = await openWithoutSnapshots(directory);
  await addUser(store, user("a"));
  await store.close();
  await appendFile(join(directory, "journal-1.jsonl"), Buffer.alloc(1000));
  await expect(open({ directory })).rejects.toThrow("journal-1.jsonl, line 2: its end is missing");
});

/** Where no snapshot finds room, nothing is sealed: all segments are to be seen. */
async function openWithoutSnapshots(directory: string) {
  await (await openJsonStore({ directory })).close();
  const io = interceptedFiles((operation, path) => {
    if (operation === "open" && path.endsWith(".tmp")) throw systemError("ENOSPC");
    return undefined;
  });
  return openJsonStore({ directory, io, limits });
}

test("a stop while changes stand in the last segment cuts its zeros off, too", async () => {
  const directory = await temporaryDirectory();
  const journal = await Journal.open(fileSystem, directory, { seq: 0, hash: Buffer.alloc(32) }, 0);
  await journal.append(Buffer.from("a line\n"));
  await journal.close();
  expect(await readFile(join(directory, "journal-1.jsonl"), "utf8")).toBe("a line\n");
});

test("a backup of a running directory holds lines and no zeros", async () => {
  const directory = await temporaryDirectory();
  const store = await open({ directory });
  await addUser(store, user("a"));
  const { file } = await store.backup();
  const unpacked = await temporaryDirectory();
  await unpackBackup(unsyncedFiles, file, unpacked);
  const { text } = await readLines(join(directory, "journal-1.jsonl"));
  expect(await readFile(join(unpacked, "journal-1.jsonl"), "latin1")).toBe(text);
});

/** No room for so many bytes at once: those of a line find room, those that are written ahead do not. */
const MANY = 10_000;

test.each<[string, Hook]>([
  [
    "no room for a single byte",
    (operation, _path, length = 0) => {
      if (operation === "write" && length > MANY) throw systemError("ENOSPC");
      return undefined;
    },
  ],
  [
    "room for some",
    (operation, _path, length = 0) => {
      if (operation !== "write" || length <= MANY) return undefined;
      if (length % 1000 === 0) throw systemError("ENOSPC");
      return length - Math.floor(length / 1000) * 1000;
    },
  ],
])("a change that finds room is made where nothing can be written ahead: %s", async (_, hook) => {
  const disk = new MemoryDisk();
  let full = false;
  const io = interceptedFiles(
    (operation, path, length) => (full ? hook(operation, path, length) : undefined),
    disk.files,
  );
  const store = await openJsonStore({ directory: "/data", io, limits });
  full = true;
  for (const id of ["a", "b", "c"]) await addUser(store, user(id));
  expect(store.status()).toMatchObject({ healthy: true, users: 3 });
  const again = await openJsonStore({ directory: "/data", io: disk.afterKill().files });
  expect(again.status()).toMatchObject({ seq: 3, users: 3 });
  await again.close();
  await store.close();
});
