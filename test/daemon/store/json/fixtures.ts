import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Work } from "../../../../daemon/store/json/idle-work.ts";
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

/** Takes so many steps of the works, one work after the other. */
export function advance(works: readonly Work[], steps: number): void {
  const left = [...works];
  for (let step = 0; step < steps && left[0]; step += 1) {
    if (!left[0].step()) left.shift();
  }
}
