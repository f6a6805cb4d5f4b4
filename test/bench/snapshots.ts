import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Bench } from "./bench.ts";
import { type Column, number, type Table } from "./report.ts";
import type { PaceFigures } from "./snapshots-process.ts";

const script = fileURLToPath(new URL("./snapshots-process.js", import.meta.url));
const columns: readonly Column[] = [
  { of: "delayP999", heading: "loop delay p99.9 ms", as: number },
  { of: "delayMax", heading: "at most ms", as: number },
  { of: "changeP99", heading: "change p99 ms", as: number },
  { of: "changes", heading: "changes", as: number },
  { of: "milliseconds", heading: "ms in all", as: number },
];

/** What snapshots do to the event loop and to changes, one each 5 ms, in the store's own process. */
export async function snapshots(bench: Bench, population: number, rounds: number): Promise<Table> {
  const users = `${population.toLocaleString("en-US")} users`;
  const title = `one change each 5 ms while the snapshot of ${users} is written, ${rounds} times`;
  bench.progress(title);
  const args = [script, bench.directory, String(population), String(rounds), String(bench.plan.milliseconds)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const measured: Record<"quiet" | "snapshots", PaceFigures> = JSON.parse(stdout);
  const rows = [
    { name: "no snapshot", ...measured.quiet },
    { name: "during snapshots", ...measured.snapshots },
  ];
  return {
    title,
    columns,
    rows,
    goals: [
      { what: "ms of delay, p99.9", bound: "at most", goal: 10, reached: measured.snapshots.delayP999 },
      { what: "ms a change, p99", bound: "at most", goal: 50, reached: measured.snapshots.changeP99 },
    ],
  };
}
