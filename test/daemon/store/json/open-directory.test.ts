import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addUser, open, temporaryDirectory, user } from "./fixtures.ts";

async function usedDirectory(): Promise<string> {
  const directory = await temporaryDirectory();
  const store = await open({ directory });
  await addUser(store, user("a"));
  await store.close();
  return directory;
}

test("a directory that is not there is made, for its owner alone", async () => {
  const directory = join(await temporaryDirectory(), "new", "data");
  await open({ directory });
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  for (const name of await readdir(directory)) {
    expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
  }
});

test("a directory that others may read is refused with the command that mends it", async () => {
  const directory = await temporaryDirectory();
  await chmod(directory, 0o755);
  await expect(open({ directory })).rejects.toThrow(`(mode 0755). Run: chmod 0700 '${directory}'`);
});

test("a file that others may read is refused with the command that mends it", async () => {
  const directory = await usedDirectory();
  const path = join(directory, "users.json");
  await chmod(path, 0o640);
  await expect(open({ directory })).rejects.toThrow(`(mode 0640). Run: chmod 0600 '${path}'`);
});

test("a directory that cannot be made is said so", async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, "file"), "");
  await expect(open({ directory: join(directory, "file", "data") })).rejects.toThrow("cannot be made");
});

test("the snapshot is valid JSON with one record a line", async () => {
  const directory = await usedDirectory();
  const text = await readFile(join(directory, "users.json"), "utf8");
  expect(JSON.parse(text)).toMatchObject({ format: 2, seq: 1, users: [user("a")], roles: [] });
  expect(text.split("\n")).toContain(JSON.stringify(user("a")));
});

test("a snapshot from before there was a presence board is read, and its board is empty", async () => {
  const directory = await usedDirectory();
  const path = join(directory, "users.json");
  const text = await readFile(path, "utf8");
  const older = text.replace('"presence":[\n],\n', "").replace(/"checksum":.*\n$/, "");
  expect(older).not.toContain('"presence":[');
  const checksum = createHash("sha256").update(older).digest("hex");
  await writeFile(path, `${older}"checksum":"${checksum}"}\n`);
  const store = await open({ directory });
  expect(await store.user("a")).toEqual(user("a"));
  expect(await store.presence("a")).toBeUndefined();
});

test("a missing snapshot in a directory that was in use is not taken for an empty directory", async () => {
  const directory = await usedDirectory();
  await rm(join(directory, "users.json"));
  await expect(open({ directory })).rejects.toThrow("users.json: it is missing");
});

test("an audit directory alone tells that the directory was in use", async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, "audit"), { mode: 0o700 });
  await expect(open({ directory })).rejects.toThrow("users.json: it is missing");
});

test("an empty snapshot is refused", async () => {
  const directory = await usedDirectory();
  await writeFile(join(directory, "users.json"), "");
  await expect(open({ directory })).rejects.toThrow("users.json, line 1: it is empty");
});

test("a snapshot edited by hand is refused", async () => {
  const directory = await usedDirectory();
  const path = join(directory, "users.json");
  await writeFile(path, (await readFile(path, "utf8")).replace("Full Name", "Other Name"));
  await expect(open({ directory })).rejects.toThrow("checksum does not match");
});

test("a newer format is refused, naming both", async () => {
  const directory = await usedDirectory();
  const path = join(directory, "users.json");
  await writeFile(path, (await readFile(path, "utf8")).replace('"format":2', '"format":3'));
  await expect(open({ directory })).rejects.toThrow("written by a newer Roster (format 3; this one reads 2)");
});

test("a journal segment that is gone is found missing", async () => {
  const directory = await usedDirectory();
  await rm(join(directory, "journal-2.jsonl"));
  await expect(open({ directory })).rejects.toThrow("journal-2.jsonl: it is missing");
});

test("segments before the snapshot are not read", async () => {
  const directory = await usedDirectory();
  await writeFile(join(directory, "journal-1.jsonl"), "nothing that could be read", { mode: 0o600 });
  const store = await open({ directory });
  expect(await store.user("a")).toEqual(user("a"));
});

test("what an interrupted snapshot left behind is removed", async () => {
  const directory = await usedDirectory();
  await writeFile(join(directory, "users.json.1234.tmp"), "half", { mode: 0o600 });
  await open({ directory });
  expect(await readdir(directory)).not.toContain("users.json.1234.tmp");
});

test("a clean stop without changes writes no new snapshot", async () => {
  const directory = await usedDirectory();
  const before = await stat(join(directory, "users.json"));
  await (await open({ directory })).close();
  expect((await stat(join(directory, "users.json"))).ino).toBe(before.ino);
});
