import { type Params, userSortKeys } from "../../protocol/index.ts";
import type { Bench } from "./bench.ts";
import { residentBytesOf } from "./machine.ts";
import { type Column, type Goal, number, type Row, type Table } from "./report.ts";
import { rested } from "./rested.ts";
import { type Roster, startRoster } from "./roster.ts";
import { snapshots } from "./snapshots.ts";

const USERS = 100_000;
/** Past V8's longest string, were the snapshot one text. */
const MANY = 1_000_000;
const MEBIBYTE = 2 ** 20;
const columns: readonly Column[] = [
  { of: "mebibytes", heading: "resident MiB", as: number },
  { of: "readyMs", heading: "ready ms", as: number },
  { of: "pageMs", heading: "first page ms", as: number },
  { of: "sortedMs", heading: "another ms", as: number },
  { of: "stopMs", heading: "stop ms", as: number },
];

/** Resident memory once lists were asked for in every order and by a text, and the daemon rests; and what a million users ask of a start, a page, a snapshot and a stop. */
export async function memory(bench: Bench): Promise<Table[]> {
  const rows: Row[] = [];
  const many = Math.min(MANY, bench.plan.mostUsers * 10);
  for (const users of [0, Math.min(USERS, bench.plan.mostUsers), many]) {
    bench.progress(`a directory of ${users.toLocaleString("en-US")} users`);
    rows.push(await measure(bench, users));
  }
  const goals = [
    atMost("MiB resident, an empty directory", 85, rows[0]?.mebibytes),
    atMost(`MiB resident, ${rows[1]?.name}`, 320, rows[1]?.mebibytes),
  ];
  return [{ title: "memory and size", columns, rows, goals }, await snapshots(bench, many, 1)];
}

async function measure(bench: Bench, population: number): Promise<Row> {
  const roster = await startRoster(bench, population);
  const pages = await firstPages(roster);
  await rested(roster.server.pid);
  const bytes = residentBytesOf(roster.server.pid);
  const stopping = performance.now();
  await roster.server.stop();
  return {
    name: `${population.toLocaleString("en-US")} users`,
    mebibytes: bytes === null ? null : bytes / MEBIBYTE,
    readyMs: roster.readyMs,
    ...pages,
    stopMs: performance.now() - stopping,
  };
}

/** The first page by each sort key and by a text, so soon that each makes most of what it needs itself. */
async function firstPages(roster: Roster): Promise<{ pageMs: number; sortedMs: number }> {
  return roster.locally(async (client) => {
    const times: number[] = [];
    const lists: Params<"users.list">[] = userSortKeys.map((by) => ({ sort: { by } }));
    for (const list of [...lists, { filter: { text: "nobody" } }]) {
      const start = performance.now();
      await client.call("users.list", list);
      times.push(performance.now() - start);
    }
    const [pageMs = Number.NaN, ...others] = times;
    return { pageMs, sortedMs: Math.max(...others) };
  });
}

function atMost(what: string, goal: number, reached: Row[string] | undefined): Goal {
  return { what, bound: "at most", goal, reached: typeof reached === "number" ? reached : null };
}
