import { beforeAll, expect, test } from "vitest";
import type { Directory } from "../../daemon/store/json/directory.ts";
import { openJsonStore } from "../../daemon/store/json/json-store.ts";
import { sealLine } from "../../daemon/store/json/line.ts";
import { openDirectory } from "../../daemon/store/json/open-directory.ts";
import { replay } from "../../daemon/store/json/replay.ts";
import { silentLog } from "../../daemon/store/json/store-log.ts";
import { Tables } from "../../daemon/store/json/table.ts";
import type { UserRecord } from "../../daemon/store/records.ts";
import { addUser, user } from "../daemon/store/json/fixtures.ts";
import { MemoryDisk } from "../daemon/store/json/memory-disk.ts";
import { inFull, tell } from "./effort.ts";
import { DIRECTORY } from "./session.ts";

/** A directory with one user in the snapshot and one more by each of the journal's lines. */
const inSnapshot = user("s", { fullName: "Sam the Snapshot" });
const inJournal = ["a", "b", "c"].map((id) => user(id, { fullName: `A name @ ${id}` }));
const files: { snapshot: Buffer; journal: Buffer; start: Omit<Directory, "tables"> } = {
  snapshot: Buffer.alloc(0),
  journal: Buffer.alloc(0),
  start: { format: 0, epoch: "", seq: 0, hash: Buffer.alloc(0), anchor: { seq: 0, hash: Buffer.alloc(0) } },
};
const journalName = "journal-2.jsonl";
const snapshotPath = `${DIRECTORY}/users.json`;
const journalPath = `${DIRECTORY}/${journalName}`;
/** Of each byte. */
const bits = inFull ? [0, 1, 2, 3, 4, 5, 6, 7] : [3];

beforeAll(async () => {
  const disk = new MemoryDisk();
  const store = await openJsonStore({ directory: DIRECTORY, io: disk.files });
  await addUser(store, inSnapshot);
  await store.snapshot();
  for (const record of inJournal) await addUser(store, record);
  files.snapshot = disk.read(snapshotPath);
  files.journal = disk.read(journalPath);
  lineEnds = [...files.journal.entries()].flatMap(([at, byte]) => (byte === 10 ? [at + 1] : []));
  const { epoch, seq, hash } = JSON.parse(files.snapshot.toString());
  files.start = { ...files.start, epoch, seq, hash: Buffer.from(hash, "hex") };
  await store.close();
});

/** States that recovery may give: the snapshot and the first so many lines. */
const states = [0, 1, 2, 3].map((count) => [inSnapshot, ...inJournal.slice(0, count)]);
/** Where the journal's lines end. */
let lineEnds: number[] = [];

async function newDisk(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await disk.files.mkdir(DIRECTORY, { mode: 0o700 });
  return disk;
}

/** Opens a directory with this snapshot. */
async function openWith(snapshot: Buffer): Promise<void> {
  const disk = await newDisk();
  disk.write(snapshotPath, snapshot);
  await openDirectory({ io: disk.files, directory: DIRECTORY, log: silentLog, initial: {} });
}

/** Replays this journal on the state of the snapshot. */
async function recover(disk: MemoryDisk, journal: Buffer): Promise<UserRecord[]> {
  disk.write(journalPath, journal);
  const tables = new Tables();
  tables.apply(["put", "users", inSnapshot]);
  const state = { ...files.start, tables };
  await replay({ io: disk.files, directory: DIRECTORY, log: silentLog }, state, [journalName], () => {});
  return tables.view("users").all();
}

/** Copies with one bit flipped, and the byte that it is in. */
function* flipped(bytes: Buffer): Generator<[number, Buffer]> {
  for (const [at, byte] of bytes.entries()) {
    for (const bit of bits) {
      const copy = Buffer.from(bytes);
      copy[at] = byte ^ (1 << ((at + bit) % 8));
      yield [at, copy];
    }
  }
}

async function tornFiles(disk: MemoryDisk): Promise<string[]> {
  return (await disk.files.readdir(DIRECTORY)).filter((name) => name.startsWith("torn-"));
}

test("a journal cut at any byte gives the lines that are whole, and is mended for good", async (context) => {
  for (let length = 0; length <= files.journal.length; length++) {
    const disk = await newDisk();
    const whole = lineEnds.filter((end) => end <= length).length;
    expect(await recover(disk, files.journal.subarray(0, length))).toEqual(states[whole]);
    expect(disk.read(journalPath).length).toBe(lineEnds[whole - 1] ?? 0);
    expect(await tornFiles(disk)).toHaveLength(length === 0 || lineEnds.includes(length) ? 0 : 1);
  }
  tell(context, `${files.journal.length + 1} prefixes`);
});

test("bytes that were cut off are kept aside", async () => {
  const disk = await newDisk();
  const [first = 0] = lineEnds;
  await recover(disk, files.journal.subarray(0, first + 100));
  const [name = ""] = await tornFiles(disk);
  expect(name).toMatch(/^torn-3-/);
  expect(disk.read(`${DIRECTORY}/${name}`)).toEqual(files.journal.subarray(first, first + 100));
});

test("a tail of zeros, from any byte of the last line on, is an unfinished write", async () => {
  const disk = await newDisk();
  const [, second = 0, third = 0] = lineEnds;
  for (let from = second; from < third; from += 7) {
    const journal = Buffer.from(files.journal);
    journal.fill(0, from);
    expect(await recover(disk, journal)).toEqual(states[2]);
    const longer = Buffer.concat([journal.subarray(0, from), Buffer.alloc(5000)]);
    expect(await recover(disk, longer)).toEqual(states[2]);
  }
});

test("zeros with a whole line after them are damage, not an unfinished write", async () => {
  const disk = await newDisk();
  const [first = 0] = lineEnds;
  const journal = Buffer.from(files.journal);
  journal.fill(0, first + 20, first + 80);
  await expect(recover(disk, journal)).rejects.toThrow(`${journalName}, line 2: `);
});

test("every flipped bit of the journal is refused with file and line", async (context) => {
  const disk = await newDisk();
  const [first = 0, second = 0] = lineEnds;
  for (const [at, journal] of flipped(files.journal)) {
    const line = at < first ? 1 : at < second ? 2 : 3;
    await expect(recover(disk, journal)).rejects.toThrow(`${journalName}, line ${line}: `);
    expect(journal.equals(disk.read(journalPath))).toBe(true);
  }
  tell(context, `${files.journal.length * bits.length} bits`);
});

test("every flipped bit of a line's end is refused", async () => {
  const disk = await newDisk();
  for (const end of lineEnds) {
    for (let bit = 0; bit < 8; bit++) {
      const journal = Buffer.from(files.journal);
      journal[end - 1] = 10 ^ (1 << bit);
      await expect(recover(disk, journal)).rejects.toThrow("rosterd restore FILE");
    }
  }
});

test("every flipped bit of the snapshot is refused with file and line", async (context) => {
  for (const [, snapshot] of flipped(files.snapshot)) {
    await expect(openWith(snapshot)).rejects.toThrow(/users\.json(, line \d+)?: /);
  }
  tell(context, `${files.snapshot.length * bits.length} bits`);
});

test("a snapshot cut at any byte is refused", async () => {
  for (let length = 0; length < files.snapshot.length; length++) {
    const cut = files.snapshot.subarray(0, length);
    await expect(openWith(cut)).rejects.toThrow(/users\.json, line \d+: /);
  }
});

test("two lines exchanged, and a line left out, break the chain", async () => {
  const disk = await newDisk();
  const [first = 0, second = 0] = lineEnds;
  const { journal } = files;
  const lines = [
    journal.subarray(0, first),
    journal.subarray(first, second),
    journal.subarray(second),
  ] as const;
  const exchanged = Buffer.concat([lines[1], lines[0], lines[2]]);
  await expect(recover(disk, exchanged)).rejects.toThrow(`${journalName}, line 1: `);
  const without = Buffer.concat([lines[0], lines[2]]);
  await expect(recover(disk, without)).rejects.toThrow(`${journalName}, line 2: `);
});

test("a sealed line after the snapshot is refused: nobody knows what it changed", async () => {
  const disk = await newDisk();
  const [first = 0] = lineEnds;
  const { pieces } = sealLine(files.start.hash, files.journal.subarray(0, first - 1));
  const journal = Buffer.concat([...pieces, files.journal.subarray(first)]);
  await expect(recover(disk, journal)).rejects.toThrow(`${journalName}, line 1: its changes are sealed`);
});
