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
import { type Chance, chanceOf, inFull, tell, times } from "./effort.ts";
import { DIRECTORY } from "./session.ts";

/** A directory with one user in the snapshot and one more by each of the journal's lines. */
const inSnapshot = user("s", { fullName: "Sam the Snapshot" });
const inJournal = ["a", "b", "c"].map((id) => user(id, { fullName: `A name @ ${id}` }));
/** Written together, in lines of all lengths. */
const inGroup = [0, 1, 2, 3, 4, 5].map((at) => user(`g${at}`, { fullName: "x".repeat(150 * at) }));
const files: { snapshot: Buffer; journal: Buffer; withGroup: Buffer; start: Omit<Directory, "tables"> } = {
  snapshot: Buffer.alloc(0),
  journal: Buffer.alloc(0),
  withGroup: Buffer.alloc(0),
  start: { format: 0, epoch: "", seq: 0, hash: Buffer.alloc(0), anchor: { seq: 0, hash: Buffer.alloc(0) } },
};
const journalName = "journal-2.jsonl";
const snapshotPath = `${DIRECTORY}/users.json`;
const journalPath = `${DIRECTORY}/${journalName}`;
/** The least that a disk writes. */
const BLOCK = 512;
/** Of each byte. */
const bits = inFull ? [0, 1, 2, 3, 4, 5, 6, 7] : [3];

beforeAll(async () => {
  const disk = new MemoryDisk();
  const store = await openJsonStore({ directory: DIRECTORY, io: disk.files });
  await addUser(store, inSnapshot);
  await store.snapshot();
  for (const record of inJournal) await addUser(store, record);
  files.snapshot = disk.read(snapshotPath);
  files.journal = disk.read(journalPath).subarray(0, store.status().journalBytes);
  await Promise.all(inGroup.map((record) => addUser(store, record)));
  files.withGroup = disk.read(journalPath).subarray(0, store.status().journalBytes + 2000);
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

for (const [behind, zeros] of [
  ["", Buffer.alloc(0)],
  [" that ends in zeros", Buffer.alloc(3000)],
] as const) {
  test(`every flipped bit of the lines of a journal${behind} is refused with file and line`, async (context) => {
    const disk = await newDisk();
    const [first = 0, second = 0] = lineEnds;
    for (const [at, lines] of flipped(files.journal)) {
      const journal = Buffer.concat([lines, zeros]);
      const line = at < first ? 1 : at < second ? 2 : 3;
      await expect(recover(disk, journal)).rejects.toThrow(`${journalName}, line ${line}: `);
      expect(journal.equals(disk.read(journalPath))).toBe(true);
    }
    tell(context, `${files.journal.length * bits.length} bits`);
  });

  test(`every flipped bit of a line's end is refused in a journal${behind}`, async () => {
    const disk = await newDisk();
    for (const end of lineEnds) {
      for (let bit = 0; bit < 8; bit++) {
        const journal = Buffer.concat([files.journal, zeros]);
        journal[end - 1] = 10 ^ (1 << bit);
        await expect(recover(disk, journal)).rejects.toThrow("rosterd restore FILE");
      }
    }
  });
}

test("zeros behind the last line were written ahead: they are cut off, and nothing is set aside", async () => {
  for (const zeros of [1, 15, 16, 511, 300_000]) {
    const disk = await newDisk();
    expect(await recover(disk, Buffer.concat([files.journal, Buffer.alloc(zeros)]))).toEqual(states[3]);
    expect(disk.read(journalPath).equals(files.journal)).toBe(true);
    expect(await tornFiles(disk)).toEqual([]);
  }
});

test("every flipped bit of the zeros behind the last line leaves the state as it is, and is set aside", async () => {
  const zeros = Buffer.alloc(600);
  for (const [at, tail] of flipped(zeros)) {
    const disk = await newDisk();
    expect(await recover(disk, Buffer.concat([files.journal, tail]))).toEqual(states[3]);
    expect(disk.read(journalPath).equals(files.journal)).toBe(true);
    const [aside = ""] = await tornFiles(disk);
    expect(disk.read(`${DIRECTORY}/${aside}`)).toEqual(tail.subarray(0, at + 1));
  }
});

test("of a group whose blocks reached the disk in any order, the changes before the first missing one are kept", async (context) => {
  const chance = chanceOf("blocks of a group in any order");
  const kept = new Set<number>();
  const selections = times(300, 20_000);
  for (let selection = 0; selection < selections; selection += 1) {
    const disk = await newDisk();
    const found = await recover(disk, unwritten(files.withGroup, files.journal.length, chance));
    const changes = found.length - 4;
    expect(found).toEqual([inSnapshot, ...inJournal, ...inGroup.slice(0, changes)]);
    kept.add(changes);
    // What was cut off is cut off for good.
    expect(await recover(disk, disk.read(journalPath))).toEqual(found);
  }
  expect(kept.size).toBeGreaterThan(3);
  tell(context, `${selections} selections of blocks`);
});

test("a block that is missing of a group before the last one is damage, whatever it held", async () => {
  const [first = 0, second = 0] = lineEnds;
  for (const [from, to] of [
    [first, first + 1],
    [first, second],
    [first - 5, second - 20],
    [first + 20, second],
  ] as const) {
    const damaged = Buffer.from(files.withGroup).fill(0, from, to);
    await expect(recover(await newDisk(), damaged)).rejects.toThrow(`${journalName}, line `);
  }
});

/** Zeros in the place of some blocks behind `from`; the first of them may have room for a few bytes only. */
function unwritten(journal: Buffer, from: number, chance: Chance): Buffer {
  const found = Buffer.from(journal);
  const likely = chance.next();
  const taken = chance.between(chance.pick([0, BLOCK - 16]), BLOCK - 1);
  for (let at = from - taken; at < found.length; at += BLOCK) {
    if (chance.next() < likely) found.subarray(Math.max(at, from), at + BLOCK).fill(0);
  }
  return found;
}

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
