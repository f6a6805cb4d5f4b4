import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  type JsonStore,
  type JsonStoreOptions,
  openJsonStore,
} from "../../../../daemon/store/json/json-store.ts";

export { actor, addUser, key, putUser, user } from "../records.ts";

/** A directory that the caller removes. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "roster-store-"));
  await chmod(directory, 0o700);
  return directory;
}

/** A directory of the test's own, gone when it ends. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await makeDirectory();
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A store that is closed when the test ends. */
export async function open(options: JsonStoreOptions): Promise<JsonStore> {
  const store = await openJsonStore(options);
  onTestFinished(() => store.close());
  return store;
}
