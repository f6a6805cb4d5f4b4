import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { openJsonStore } from "../../../../daemon/store/json/json-store.ts";
import { sealLine } from "../../../../daemon/store/json/line.ts";
import { openDirectory } from "../../../../daemon/store/json/open-directory.ts";
import { replay } from "../../../../daemon/store/json/replay.ts";
import { silentLog } from "../../../../daemon/store/json/store-log.ts";
import { Tables } from "../../../../daemon/store/json/table.ts";
import type { UserRecord } from "../../../../daemon/store/records.ts";
import { addUser, makeDirectory, temporaryDirectory, user } from "./fixtures.ts";
import { unsyncedFiles } from "./intercepted-files.ts";

/** A directory with one user in the snapshot and one more by each of the journal's lines. */
const inSnapshot = user("s", { fullName: "Sam the Snapshot" });
const inJournal = ["a", "b", "c"].map((id) => user(id, { fullName: `A name @ ${id}` }));
const files = {
  snapshot: Buffer.alloc(0),
  journal: Buffer.alloc(0),
  start: { format: 0, epoch: "", seq: 0, hash: Buffer.alloc(0), anchor: { seq: 0, hash: Buffer.alloc(0) } },
};
const journalName = "journal-2.jsonl";

beforeAll(async () => {
  const directory = await makeDirectory();
  const store = await openJsonStore({ directory });
  await addUser(store, inSnapshot);
  await store.snapshot();
  for (const record of inJournal) await addUser(store, record);
  files.snapshot = await readFile(join(directory, "users.json"));
  files.journal = await readFile(join(directory, journalName));
  lineEnds = [...files.journal.entries()].flatMap(([at, byte]) => (byte === 10 ? [at + 1] : []));
  const { epoch, seq, hash } = JSON.parse(files.snapshot.toString());
  files.start = { ...files.start, epoch, seq, hash: Buffer.from(hash, "hex") };
  await store.close();
  await rm(directory, { recursive: true });
});

/** States that recovery may give: the snapshot and the first so many lines. */
const states = [0, 1, 2, 3].map((count) => [inSnapshot, ...inJournal.slice(0, count)]);
/** Where the journal's lines end. */
let lineEnds: number[] = [];

/** Opens the directory with this snapshot. */
async function openWith(directory: string, snapshot: Buffer): Promise<void> {
  await writeFile(join(directory, "users.json"), snapshot, { mode: 0o600 });
  const opened = await openDirectory({ io: unsyncedFiles, directory, log: silentLog, initial: {} });
  await opened.journal.close();
}

/** Replays this journal on the state of the snapshot. */
async function recover(directory: string, journal: Buffer): Promise<UserRecord[]> {
  await writeFile(join(directory, journalName), journal, { mode: 0o600 });
  const tables = new Tables();
  tables.apply(["put", "users", inSnapshot]);
  const state = { ...files.start, tables };
  await replay({ io: unsyncedFiles, directory, log: silentLog }, state, [journalName], () => {});
  return tables.view("users").all();
}

test("a journal cut at any byte gives the lines that are whole, and is mended for good", async () => {
  const directory = await temporaryDirectory();
  for (let length = 0; length <= files.journal.length; length++) {
    const whole = lineEnds.filter((end) => end <= length).length;
    expect(await recover(directory, files.journal.subarray(0, length))).toEqual(states[whole]);
    expect((await readFile(join(directory, journalName))).length).toBe(lineEnds[whole - 1] ?? 0);
    const torn = (await readdir(directory)).filter((name) => name.startsWith("torn-"));
    expect(torn).toHaveLength(length === 0 || lineEnds.includes(length) ? 0 : 1);
    for (const name of torn) await rm(join(directory, name));
  }
}, 60_000);

test("bytes that were cut off are kept aside", async () => {
  const directory = await temporaryDirectory();
  const [first = 0] = lineEnds;
  await recover(directory, files.journal.subarray(0, first + 100));
  const [name = ""] = (await readdir(directory)).filter((found) => found.startsWith("torn-3-"));
  expect(await readFile(join(directory, name))).toEqual(files.journal.subarray(first, first + 100));
});

test("a tail of zeros, from any byte of the last line on, is an unfinished write", async () => {
  const directory = await temporaryDirectory();
  const [, second = 0, third = 0] = lineEnds;
  for (let from = second; from < third; from += 7) {
    const journal = Buffer.from(files.journal);
    journal.fill(0, from);
    expect(await recover(directory, journal)).toEqual(states[2]);
    const longer = Buffer.concat([journal.subarray(0, from), Buffer.alloc(5000)]);
    expect(await recover(directory, longer)).toEqual(states[2]);
  }
});

test("zeros with a whole line after them are damage, not an unfinished write", async () => {
  const directory = await temporaryDirectory();
  const [first = 0] = lineEnds;
  const journal = Buffer.from(files.journal);
  journal.fill(0, first + 20, first + 80);
  await expect(recover(directory, journal)).rejects.toThrow(`${journalName}, line 2: `);
});

test("every flipped bit of the journal is refused with file and line", async () => {
  const directory = await temporaryDirectory();
  const [first = 0, second = 0] = lineEnds;
  for (const [at, byte] of files.journal.entries()) {
    const journal = Buffer.from(files.journal);
    journal[at] = byte ^ (1 << (at % 8));
    const line = at < first ? 1 : at < second ? 2 : 3;
    await expect(recover(directory, journal)).rejects.toThrow(`${journalName}, line ${line}: `);
    expect(journal.equals(await readFile(join(directory, journalName)))).toBe(true);
  }
}, 60_000);

test("every flipped bit of a line's end is refused", async () => {
  const directory = await temporaryDirectory();
  for (const end of lineEnds) {
    for (let bit = 0; bit < 8; bit++) {
      const journal = Buffer.from(files.journal);
      journal[end - 1] = 10 ^ (1 << bit);
      await expect(recover(directory, journal)).rejects.toThrow("rosterd restore FILE");
    }
  }
});

test("every flipped bit of the snapshot is refused with file and line", async () => {
  const directory = await temporaryDirectory();
  for (const [at, byte] of files.snapshot.entries()) {
    const snapshot = Buffer.from(files.snapshot);
    snapshot[at] = byte ^ (1 << (at % 8));
    await expect(openWith(directory, snapshot)).rejects.toThrow(/users\.json(, line \d+)?: /);
  }
}, 60_000);

test("a snapshot cut at any byte is refused", async () => {
  const directory = await temporaryDirectory();
  for (let length = 0; length < files.snapshot.length; length++) {
    const cut = files.snapshot.subarray(0, length);
    await expect(openWith(directory, cut)).rejects.toThrow(/users\.json, line \d+: /);
  }
}, 60_000);

test("two lines exchanged, and a line left out, break the chain", async () => {
  const directory = await temporaryDirectory();
  const [first = 0, second = 0] = lineEnds;
  const { journal } = files;
  const lines = [
    journal.subarray(0, first),
    journal.subarray(first, second),
    journal.subarray(second),
  ] as const;
  const exchanged = Buffer.concat([lines[1], lines[0], lines[2]]);
  await expect(recover(directory, exchanged)).rejects.toThrow(`${journalName}, line 1: `);
  const without = Buffer.concat([lines[0], lines[2]]);
  await expect(recover(directory, without)).rejects.toThrow(`${journalName}, line 2: `);
});

test("a sealed line after the snapshot is refused: nobody knows what it changed", async () => {
  const directory = await temporaryDirectory();
  const [first = 0] = lineEnds;
  const { pieces } = sealLine(files.start.hash, files.journal.subarray(0, first - 1));
  const journal = Buffer.concat([...pieces, files.journal.subarray(first)]);
  await expect(recover(directory, journal)).rejects.toThrow(`${journalName}, line 1: its changes are sealed`);
});
