/**
 * `rosterd` as it is, but with a snapshot after every few kilobytes, so that whatever befalls it meets one; where
 * ROSTER_FAULTS_WITHOUT says so without a sync, or without transactions that are whole, so that a campaign can show that
 * it would notice; and it tells its memory.
 */
import fs from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import v8 from "node:v8";
import vm from "node:vm";
import { GroupCommit } from "../../daemon/store/json/group-commit.ts";
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
if (process.env.ROSTER_FAULTS_WITHOUT === "wholeness") {
  const { commit } = GroupCommit.prototype;
  // Two lines, the second once the first is on disk.
  GroupCommit.prototype.commit = async function ({ entries, changes }) {
    const half = Math.ceil(changes.length / 2);
    await commit.call(this, { entries, changes: changes.slice(0, half) });
    if (changes.length < 2) return;
    await commit.call(this, { entries: entries.slice(0, 1), changes: changes.slice(half) });
  };
}
v8.setFlagsFromString("--expose-gc");
const collectGarbage: () => void = vm.runInNewContext("gc");
// Asked for by SIGUSR2, since only what is left after a collection tells of a leak.
process.on("SIGUSR2", () => {
  collectGarbage();
  process.stdout.write(`${JSON.stringify({ msg: "memory", ...process.memoryUsage() })}\n`);
});
await import("../../daemon/main.ts");
