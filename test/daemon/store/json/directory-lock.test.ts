import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type DirectoryLock,
  lockByFile,
  lockBySocket,
  writeOwner,
} from "../../../../daemon/store/json/directory-lock.ts";
import { type FileSystem, fileSystem } from "../../../../daemon/store/json/files.ts";
import { open, temporaryDirectory } from "./fixtures.ts";

const locks: [string, (io: FileSystem, directory: string) => Promise<DirectoryLock>][] = [
  ["a lock file", lockByFile],
  ...(process.platform === "linux" ? [["an abstract socket", lockBySocket] as const] : []),
].map(([name, lock]) => [name, lock] as [string, typeof lockByFile]);

for (const [name, lock] of locks) {
  test(`by ${name} only one holds a directory, and the next one may after it`, async () => {
    const directory = await temporaryDirectory();
    const first = await lock(fileSystem, directory);
    await writeOwner(fileSystem, directory);
    await expect(lock(fileSystem, directory)).rejects.toThrow(`process ${process.pid} `);
    await first.release();
    const second = await lock(fileSystem, directory);
    await second.release();
  });

  test(`by ${name} two directories are held apart`, async () => {
    const first = await lock(fileSystem, await temporaryDirectory());
    const second = await lock(fileSystem, await temporaryDirectory());
    await first.release();
    await second.release();
  });
}

test("a second store on a directory is refused with the first one's process", async () => {
  const directory = await temporaryDirectory();
  await open({ directory });
  await expect(open({ directory })).rejects.toThrow(`process ${process.pid} `);
});

test("a store that could not be opened lets go of the directory", async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, "users.json"), "nonsense\n", { mode: 0o600 });
  await expect(open({ directory })).rejects.toThrow("users.json, line 1");
  await expect(open({ directory })).rejects.toThrow("users.json, line 1");
});

test("the lock file of a process that is gone is stale", async () => {
  const directory = await temporaryDirectory();
  const gone = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(gone, "exit");
  const owner = { pid: gone.pid, startedAt: new Date().toISOString() };
  await writeFile(join(directory, "rosterd.lock"), JSON.stringify(owner), { mode: 0o600 });
  const lock = await lockByFile(fileSystem, directory);
  expect(JSON.parse(await readFile(join(directory, "rosterd.lock"), "utf8"))).toMatchObject({
    pid: process.pid,
  });
  await lock.release();
});

test("a lock file from before the machine started is stale, whoever has its pid now", async () => {
  const directory = await temporaryDirectory();
  const owner = { pid: process.pid, startedAt: "2001-01-01T00:00:00.000Z" };
  await writeFile(join(directory, "rosterd.lock"), JSON.stringify(owner), { mode: 0o600 });
  await (await lockByFile(fileSystem, directory)).release();
});
