/**
 * `rosterd` as it is, but with a snapshot after every few kilobytes, so that whatever befalls it meets one; and,
 * where ROSTER_FAULTS_WITHOUT says so, without a sync, so that a campaign can show that it would notice.
 */
import fs from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { defaultLimits } from "../../daemon/store/json/maintenance.ts";

/** Of what the syncs are that are taken out. */
const without: { [what: string]: (path: string) => (keyof FileHandle)[] } = {
  journal: (path) => (path.includes("journal-") ? ["datasync"] : []),
  snapshot: (path) => (path.includes("users.json") ? ["sync", "datasync"] : []),
};

Object.assign(defaultLimits, { journalBytes: 40_000 });
const syncsOf = without[process.env.ROSTER_FAULTS_WITHOUT ?? ""];
if (syncsOf) {
  const { open } = fs.promises;
  fs.promises.open = async (path, ...rest) => {
    const file = await open(path, ...rest);
    for (const sync of syncsOf(String(path))) Object.assign(file, { [sync]: async () => {} });
    return file;
  };
  syncBuiltinESMExports();
}
await import("../../daemon/main.ts");
