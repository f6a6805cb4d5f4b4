import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openJsonStore } from "../../../../daemon/store/json/json-store.ts";
import { restoreBackup } from "../../../../daemon/store/json/restore.ts";
import { StoreError } from "../../../../daemon/store/json/store-error.ts";
import { silentLog } from "../../../../daemon/store/json/store-log.ts";
import type { UserRecord } from "../../../../daemon/store/records.ts";
import type { Backup } from "../../../../daemon/store/store.ts";
import { openTestDirectory } from "../../directory/test-directory.ts";
import { actor, addUser, open, putUser, temporaryDirectory, user } from "./fixtures.ts";
import { interceptedFiles, systemError, unsyncedFiles } from "./intercepted-files.ts";
import { populate, problemsIn } from "./used-directory.ts";

const run = promisify(execFile);

/** One with an id of the right form. */
function person(number: number, fullName = ""): UserRecord {
  const id = `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
  return user(id, { username: `name-${number}`, fullName, roles: [] });
}

async function restored(file: string): Promise<string> {
  const directory = join(await temporaryDirectory(), "restored");
  const settle = async () => {};
  await restoreBackup({ io: unsyncedFiles, directory, archive: file, log: silentLog, now: Date.now, settle });
  return directory;
}

test("a stranger unpacks and checks it with tar and sha256sum, and gets a directory that is good", async () => {
  const roster = await openTestDirectory();
  await populate(roster);
  await roster.store.snapshot();
  await roster.user("carl");
  const { file, bytes, sha256, seq, hash } = await roster.store.backup();

  const content = await readFile(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(content.length).toBe(bytes);
  expect(createHash("sha256").update(content).digest("hex")).toBe(sha256);
  expect({ seq, hash }).toMatchObject({ seq: roster.store.tip().seq, hash: roster.store.tip().hash });

  const scratch = await temporaryDirectory();
  await run("tar", ["-xf", file, "-C", scratch]);
  const unpacked = join(scratch, "roster-backup");
  await run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: unpacked });
  const manifest = JSON.parse(await readFile(join(unpacked, "manifest.json"), "utf8"));
  expect(manifest).toEqual({ format: 1, createdAt: roster.now, ...roster.store.tip() });
  expect(await problemsIn(unpacked, manifest)).toEqual([]);
});

test("every beginning of it, and more than it, is refused", async () => {
  const store = await open({ directory: await temporaryDirectory() });
  const { file } = await store.backup();
  const good = await readFile(file);
  const archive = join(await temporaryDirectory(), "cut.tar");
  for (const bytes of [0, 1, 511, 512, 513, good.length - 1024, good.length - 512, good.length - 1]) {
    await writeFile(archive, good.subarray(0, bytes));
    await expect(restored(archive)).rejects.toThrow(StoreError);
  }
  await writeFile(archive, Buffer.concat([good, Buffer.alloc(512)]));
  await expect(restored(archive)).rejects.toThrow("it does not end as it should");
});

test("a backup of a directory that was not good is refused, with the line", async () => {
  const store = await open({ directory: await temporaryDirectory() });
  await addUser(store, { ...person(1), roles: ["gone"] });
  const { file } = await store.backup();
  await expect(restored(file)).rejects.toThrow(
    'what is in it is damaged (journal-1.jsonl, line 1: user refers to role "gone", which is not there)',
  );
});

test("what leads out of the directory, or is no backup, is refused", async () => {
  const scratch = await temporaryDirectory();
  await mkdir(join(scratch, "roster-backup"));
  await writeFile(join(scratch, "roster-backup/users.json"), "{}");
  const archive = join(scratch, "evil.tar");
  for (const transform of ["s,roster-backup/,roster-backup/../../,", "s,^,/tmp/,", "s,x,x,"]) {
    await run("tar", [
      "-P",
      "-cf",
      archive,
      "--format=ustar",
      `--transform=${transform}`,
      "-C",
      scratch,
      "roster-backup/users.json",
    ]);
    await expect(restored(archive)).rejects.toThrow(/no place in a backup|not a backup of rosterd/);
  }
  await expect(restored(join(scratch, "absent.tar"))).rejects.toThrow(
    "absent.tar: it cannot be read (ENOENT)",
  );
  await expect(restored(scratch)).rejects.toThrow("it is not a file");
});

test("a backup taken under eight writing clients holds all that was acknowledged before the call, and none of it half", async () => {
  const store = await open({ directory: await temporaryDirectory(), limits: { journalBytes: 32 * 1024 } });
  const acknowledged: number[] = [];
  let begun = 0;
  let writing = true;

  /** Each change is two records that belong together: an even one and the odd one after it. */
  async function write(): Promise<void> {
    while (writing) {
      const number = begun;
      begun += 2;
      await store.transaction(actor, async (tx) => {
        putUser(tx, person(number, "x".repeat(200)));
        putUser(tx, person(number + 1));
      });
      acknowledged.push(number);
    }
  }

  const clients = Array.from({ length: 8 }, write);
  const backups: { backup: Backup; before: number }[] = [];
  for (let round = 0; round < 5; round++) {
    const before = acknowledged.length;
    backups.push({ backup: await store.backup(), before });
    // Writers went on while it was taken.
    expect(acknowledged.length).toBeGreaterThan(before);
  }
  writing = false;
  await Promise.all(clients);

  for (const { backup, before } of backups) {
    const copy = await openJsonStore({ directory: await restored(backup.file), io: unsyncedFiles });
    expect(copy.tip()).toMatchObject({ seq: backup.seq, hash: backup.hash });
    const users = await copy.scanUsers({ matches: () => true, limit: 1e9 });
    const found = new Set(users.map(({ username }) => Number(username.slice(5))));
    await copy.close();
    expect(acknowledged.slice(0, before).filter((number) => !found.has(number))).toEqual([]);
    expect([...found].filter((number) => !found.has(number ^ 1))).toEqual([]);
  }
});

test("a snapshot that is taken meanwhile does not get into it by half", async () => {
  let began = () => {};
  const beginning = new Promise<void>((resolve) => {
    began = resolve;
  });
  let goOn = () => {};
  const hook = (operation: string, path: string) => {
    if (operation !== "open" || !path.includes("/backups/roster-")) return undefined;
    began();
    return new Promise<undefined>((resolve) => {
      goOn = () => resolve(undefined);
    });
  };
  const directory = await temporaryDirectory();
  const store = await open({ directory, io: interceptedFiles(hook) });
  await addUser(store, person(1));
  const backup = store.backup();
  await beginning;
  await addUser(store, person(2));
  const snapshot = store.snapshot();
  await expect.poll(() => readFile(join(directory, "users.json"), "utf8")).toContain("name-2");
  // Time for the older segments to be sealed, if that did not wait.
  for (let number = 3; number < 30; number++) await addUser(store, person(number));
  goOn();
  const { file, seq } = await backup;
  await snapshot;
  expect(seq).toBe(1);
  const copy = await open({ directory: await restored(file) });
  expect(await copy.userByName("name-1")).toEqual(person(1));
  expect(await copy.countUsers()).toBe(1);
});

test("one that cannot be written is a 503, leaves nothing behind, and changes go on", async () => {
  const directory = await temporaryDirectory();
  const hook = (operation: string, path: string) => {
    if (operation === "write" && path.includes("/backups/"))
      throw Object.assign(systemError("ENOSPC"), { syscall: "write" });
    return undefined;
  };
  const store = await open({ directory, io: interceptedFiles(hook) });
  await expect(store.backup()).rejects.toMatchObject({
    reason: "storeUnavailable",
    message: /could not be written.*ENOSPC/,
  });
  expect(await run("ls", ["-A", join(directory, "backups")])).toMatchObject({ stdout: "" });
  await addUser(store, person(1));
});

test("a file that is there is not replaced", async () => {
  const directory = await temporaryDirectory();
  const store = await open({ directory });
  const file = join(await temporaryDirectory(), "mine.tar");
  await writeFile(file, "mine");
  await expect(store.backup(file)).rejects.toThrow("there is a file of this name already");
  expect(await readFile(file, "utf8")).toBe("mine");
});

test("stopping the store ends a backup and a verification that are under way", async () => {
  const store = await open({ directory: await temporaryDirectory() });
  await addUser(store, person(1));
  const both = Promise.allSettled([store.backup(), store.verify()]);
  await store.close();
  for (const { status } of await both) expect(status).toBe("rejected");
});
