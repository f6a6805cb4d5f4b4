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
import { tell, times } from "./effort.ts";

const DIRECTORY = "/data";
const ARCHIVE = "/backup.tar";

/** Users by whom the old and the new are told from each other. */
const inBackup = user("00000000-0000-7000-8000-000000000001", { username: "ada", roles: [] });
const later = user("00000000-0000-7000-8000-000000000002", { username: "ben", roles: [] });

/** A disk with a backup and a directory that has gone on since. */
async function usedDisk(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const store = await openJsonStore({ directory: DIRECTORY, io: disk.files });
  await addUser(store, inBackup);
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
  const found = { old: 0, new: 0 };
  for (let atCall = 1; ; atCall++) {
    const disk = await usedDisk();
    let calls = 0;
    const io = interceptedFiles(() => {
      calls += 1;
      if (calls >= atCall) throw systemError("EIO");
      return undefined;
    }, disk.files);
    const finished = await restore(io).then(
      () => true,
      () => false,
    );
    if (calls < atCall) {
      expect(finished).toBe(true);
      break;
    }
    const after = disk.afterKill();
    const users = await usersAfterStart(after);
    if (users === "ada ben") found.old += 1;
    else if (users === "ada") found.new += 1;
    else throw new Error(`After call ${atCall} there are ${users}`);
    expect((await verifyDirectory(after.files, DIRECTORY, null)).problems).toEqual([]);
  }
  expect(found.old).toBeGreaterThan(10);
  expect(found.new).toBeGreaterThan(5);
  tell(context, `${found.old + found.new} calls`);
});

test("what a restore puts aside is all there, and readable", async () => {
  const disk = await usedDisk();
  await restore(disk.files);
  expect(await usersAfterStart(disk)).toBe("ada");
  const aside = `${DIRECTORY}/before-restore-19700101T000000Z`;
  expect((await verifyDirectory(disk.files, aside, null)).problems).toEqual([]);
  expect((await verifyDirectory(disk.files, aside, null)).users).toBe(2);
});

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
