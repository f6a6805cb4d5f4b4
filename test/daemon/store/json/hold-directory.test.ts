import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type FileSystem, fileSystem } from "../../../../daemon/store/json/files.ts";
import { holdDirectory } from "../../../../daemon/store/json/hold-directory.ts";
import { restoreBackup } from "../../../../daemon/store/json/restore.ts";
import { silentLog } from "../../../../daemon/store/json/store-log.ts";
import { openTestDirectory } from "../../directory/test-directory.ts";
import { temporaryDirectory } from "./fixtures.ts";

/** As the file system is seen by another user, who may do everything. */
const asAnother = {
  ...fileSystem,
  stat: async (path: string) => Object.assign(await fileSystem.stat(path), { uid: 4242 }),
} as FileSystem;

test("a command run as another user than the daemon is refused, for the daemon could not read what it wrote", async () => {
  const roster = await openTestDirectory();
  await roster.store.close();
  const refused = "it belongs to the user with the id 4242. Run this as that user: sudo -u '#4242' rosterd …";
  await expect(holdDirectory(asAnother, roster.path)).rejects.toThrow(refused);
  const parts = { directory: roster.path, archive: "absent.tar", log: silentLog, now: Date.now };
  await expect(restoreBackup({ ...parts, io: asAnother, settle: async () => {} })).rejects.toThrow(refused);
  await (await holdDirectory(fileSystem, roster.path)).release();
});

test("a place where no directory is kept is not taken for one", async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, "rosterd.log"), "");
  await expect(holdDirectory(fileSystem, directory)).rejects.toThrow("no directory of rosterd is kept here");
});
