import { fileSystem } from "../store/json/files.ts";
import { assertInitialised } from "../store/json/hold-directory.ts";
import { openJsonStore } from "../store/json/json-store.ts";
import { counted, OPERATOR, type Surroundings, storeLog } from "./command.ts";

/** Writes everything that a data directory holds, which no daemon uses, into one file. */
export async function backup(
  { config, now, say, warn }: Surroundings,
  { file }: { file: string },
): Promise<number> {
  await assertInitialised(fileSystem, config.data);
  const store = await openJsonStore({ directory: config.data, log: storeLog(warn), now });
  try {
    const written = await store.backup(file);
    await store.transaction(OPERATOR, async (tx) => tx.entry("store.backedUp", null, { ...written }));
    say(`${written.file}: ${counted(written.bytes, "byte")}, SHA-256 ${written.sha256}`);
    say(`Tip, to be kept elsewhere: ${written.seq}:${written.hash}:${store.tip().epoch}`);
  } finally {
    await store.close();
  }
  return 0;
}
