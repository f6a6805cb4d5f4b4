import { expect, test } from "vitest";
import { openJsonStore } from "../../daemon/store/json/json-store.ts";
import { restoreBackup } from "../../daemon/store/json/restore.ts";
import { StoreError } from "../../daemon/store/json/store-error.ts";
import { silentLog } from "../../daemon/store/json/store-log.ts";
import { unpackBackup } from "../../daemon/store/json/unpack-backup.ts";
import { verifyDirectory } from "../../daemon/store/json/verify.ts";
import { addUser, user } from "../daemon/store/json/fixtures.ts";
import { interceptedFiles, systemError } from "../daemon/store/json/intercepted-files.ts";
import { MemoryDisk } from "../daemon/store/json/memory-disk.ts";
import { chanceOf, tell, times } from "./effort.ts";

const DIRECTORY = "/data";
const ARCHIVE = "/backup.tar";
const ASIDE = `${DIRECTORY}/before-restore-19700101T000000Z`;

/** Users by whom the old and the new are told from each other. */
const inBackup = user("00000000-0000-7000-8000-000000000001", { username: "ada", roles: [] });
const later = user("00000000-0000-7000-8000-000000000002", { username: "ben", roles: [] });

/** A disk with a backup and a directory that has gone on since. */
async function usedDisk(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const store = await openJsonStore({ directory: DIRECTORY, io: disk.files });
  await addUser(store, inBackup);
  await store.snapshot();
  await addUser(store, { ...inBackup, revision: 2 });
  await store.backup(ARCHIVE);
  await store.snapshot();
  await addUser(store, later);
  await store.close();
  return disk;
}

function restore(io: MemoryDisk["files"]): Promise<void> {
  const settle = async () => {};
  return restoreBackup({ io, directory: DIRECTORY, archive: ARCHIVE, log: silentLog, now: () => 0, settle });
}

/** The names of the users that a start finds. */
async function usersAfterStart(disk: MemoryDisk): Promise<string> {
  const store = await openJsonStore({ directory: DIRECTORY, io: disk.files });
  const users = await store.scanUsers({ matches: () => true, limit: 10 });
  await store.close();
  return users.map(({ username }) => username).join(" ");
}

test("a restore that is killed at any call to the file system leaves the old or the new", async (context) => {
  const found = await failAtEveryCall(Number.POSITIVE_INFINITY, (disk) => [disk.afterKill()]);
  expect(found.old).toBeGreaterThan(10);
  expect(found.new).toBeGreaterThan(10);
  tell(context, `${found.calls} calls`);
});

test("so does one during which the power goes, and again while the next start finishes it", async (context) => {
  const chance = chanceOf("power cut while a backup is restored");
  const cuts = times(2, 50);
  const found = await failAtEveryCall(Number.POSITIVE_INFINITY, async (disk) => {
    const disks = Array.from({ length: cuts }, () => disk.afterPowerCut(chance));
    for (const one of disks) await startAndFail(one, chance.between(1, 60));
    return disks.map((one) => one.afterPowerCut(chance));
  });
  expect(Math.min(found.old, found.new)).toBeGreaterThan(10);
  tell(context, `${found.calls} calls, ${cuts} cuts at each`);
});

test("so does one in which any one call fails", async (context) => {
  const found = await failAtEveryCall(1, (disk) => [disk]);
  expect(Math.min(found.old, found.new)).toBeGreaterThan(5);
  tell(context, `${found.calls} calls`);
});

test("where files cannot be linked, that is said before anything is touched", async () => {
  const disk = await usedDisk();
  const io = interceptedFiles((operation) => {
    if (operation === "link") throw systemError("EACCES");
    return undefined;
  }, disk.files);
  await expect(restore(io)).rejects.toThrow(
    "/data: files cannot be linked there (EACCES: injected). Choose another --data",
  );
  expect(await usersAfterStart(disk)).toBe("ada ben");
});

/** Lets `failures` calls fail from the first, second, third… on, and looks at what a start makes of the disks. */
async function failAtEveryCall(
  failures: number,
  disksFound: (disk: MemoryDisk) => MemoryDisk[] | Promise<MemoryDisk[]>,
): Promise<{ calls: number; old: number; new: number }> {
  const found = { calls: 0, old: 0, new: 0 };
  const used = await usedDisk();
  for (let atCall = 1; ; atCall++) {
    const disk = used.afterKill();
    const { calls, failed } = await failing(disk, atCall, failures, restore);
    for (const one of await disksFound(disk)) {
      const users = await usersAfterStart(one);
      found[users === "ada ben" ? "old" : "new"] += 1;
      await expectGood(one, DIRECTORY, users);
      if (users === "ada") await expectGood(one, ASIDE, "ada ben");
    }
    if (calls < atCall) {
      expect(failed).toBe(false);
      return { ...found, calls };
    }
  }
}

/** Does `work` with calls failing from the one of this number on. */
async function failing(
  disk: MemoryDisk,
  atCall: number,
  failures: number,
  work: (io: MemoryDisk["files"]) => Promise<unknown>,
): Promise<{ calls: number; failed: boolean }> {
  let calls = 0;
  const io = interceptedFiles(() => {
    calls += 1;
    if (calls >= atCall && calls < atCall + failures) throw systemError("EIO");
    return undefined;
  }, disk.files);
  const failed = await work(io).then(
    () => false,
    () => true,
  );
  return { calls, failed };
}

async function expectGood(disk: MemoryDisk, directory: string, users: string): Promise<void> {
  const found = await verifyDirectory(disk.files, directory, null);
  expect(found).toMatchObject({ problems: [], users: users.split(" ").length });
}

async function startAndFail(disk: MemoryDisk, atCall: number): Promise<void> {
  await failing(disk, atCall, Number.POSITIVE_INFINITY, async (io) => {
    const store = await openJsonStore({ directory: DIRECTORY, io });
    await store.close();
  });
}

test("not a bit of it can change without the restore refusing it", async (context) => {
  const good = (await usedDisk()).read(ARCHIVE);
  const bits = times(1, 8);
  let flips = 0;
  for (const [at, byte] of good.entries()) {
    for (let bit = 0; bit < bits; bit++) {
      const flipped = Buffer.from(good);
      flipped[at] = byte ^ (1 << ((at + bit) % 8));
      const disk = new MemoryDisk();
      disk.write("/flipped.tar", flipped);
      await disk.files.mkdir("/out", { mode: 0o700 });
      const outcome = await unpackBackup(disk.files, "/flipped.tar", "/out").catch((error: unknown) => error);
      if (!(outcome instanceof StoreError)) throw new Error(`byte ${at}: ${JSON.stringify(outcome)}`);
      flips += 1;
    }
  }
  tell(context, `${flips} flips`);
});
