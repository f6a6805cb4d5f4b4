import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { KeyRecord, SessionRecord } from "../../daemon/store/records.ts";
import type { Bench } from "./bench.ts";
import { enter, openPopulated } from "./directories.ts";
import { cpuOf } from "./machine.ts";
import { userId } from "./population.ts";
import { type Column, type Goal, number, type Table } from "./report.ts";
import { type Roster, startRosterOn } from "./roster.ts";
import { percentile } from "./rounds.ts";
import { startTerminal, type TerminalProcess, type TerminalSize } from "./terminal-process.ts";
import { keepChanging } from "./tui-changes.ts";

const PAGE_DOWN = "\u001B[6~";
const ENTER = "\r";
const ESCAPE = "\u001B";
const CHANGES_A_SECOND = 500;

/** A list, how one gets there from the one before, and what one types into its filter. */
interface List {
  name: string;
  /** Keys, each with what the screen shows then; the last ones are measured. */
  way: readonly (readonly [keys: string, shows: RegExp])[];
  filter: string;
  /** Nothing in it changes with the users. */
  still?: true;
}

const lists: readonly List[] = [
  {
    name: "users",
    way: [
      [":", /^Go to/],
      [`users${ENTER}`, /^Users[\s\S]*\d users/],
    ],
    filter: "/per",
  },
  { name: "keys", way: [[`:keys${ENTER}`, /^Keys[\s\S]*\d keys/]], filter: "/dep" },
  { name: "sessions", way: [[`:sessions${ENTER}`, /^Sessions[\s\S]*\d sessions/]], filter: "/lap" },
  { name: "presence", way: [[`:presence${ENTER}`, /^Presence[\s\S]*\d people/]], filter: "/per" },
  {
    name: "who has a role",
    way: [
      [`:roles${ENTER}`, /^Roles[\s\S]*\d roles/],
      ["jw", /role:designer[\s\S]*\d found/],
    ],
    filter: "/ pe",
  },
  { name: "audit", way: [[`:audit${ENTER}`, /^Audit[\s\S]*\d (?:shown|entries)/]], filter: "/per" },
  { name: "events", way: [[`:events${ENTER}`, /^Events[\s\S]*following, \d/]], filter: "/per" },
  { name: "palette", way: [[":", /^Go to/]], filter: "pre", still: true },
  { name: "help", way: [["?", /^Help/]], filter: "pag", still: true },
];

const WARM_UP_KEYS = 40;
const KEYS = ["j", "j", PAGE_DOWN, "j", PAGE_DOWN, "k", PAGE_DOWN, "j"];

const columns: readonly Column[] = [
  { of: "open", heading: "open ms", as: number },
  { of: "p95", heading: "key p95 ms", as: number },
  { of: "jump", heading: "G, g ms", as: number },
  { of: "filter", heading: "filter ms", as: number },
  { of: "frames", heading: "frames a second, changing", as: number },
  { of: "cpu", heading: "their CPU ms a second", as: number },
  { of: "daemonCpu", heading: "the daemon's", as: number },
];

/**
 * Every list of the terminal UI with much behind it: users, keys and entries as many as there are, a fifth of it
 * sessions. In one process, which has seen some keys before, as somebody goes through them who has worked for a while.
 */
export async function tuiLists(
  bench: Bench,
  program: string,
  population: number,
  sizes: readonly (TerminalSize & { p95: number })[],
): Promise<Table[]> {
  const count = population.toLocaleString("en-US");
  bench.progress(`a directory of ${count} users, keys and entries`);
  const daemon = await startRosterOn(bench, await makeData(bench, population));
  const tables: Table[] = [];
  for (const size of sizes.slice(0, bench.plan.rounds)) {
    const rows = [];
    const terminal = startTerminal(program, ["--socket", daemon.socket], size);
    try {
      await terminal.shows(/\d users/);
      for (let key = 0; key < Math.min(WARM_UP_KEYS, population); key += 1) await terminal.press("j");
      // A plan of one round is to see that it works.
      for (const list of lists.slice(0, 2 * bench.plan.rounds - 1)) {
        bench.progress(`${list.name} at ${size.columns}x${size.rows}`);
        rows.push({ name: list.name, ...(await measure(bench, terminal, daemon, list, size)) });
      }
    } finally {
      await terminal.end();
    }
    const slowest = Math.max(...rows.map(({ p95 }) => p95));
    tables.push({
      title: `every list of ${count} users, as many keys and entries, a fifth as many sessions, at ${size.columns}x${size.rows}`,
      columns,
      rows,
      goals: [atMost("ms from a key to the last byte in the slowest list, p95", size.p95, slowest)],
    });
  }
  return tables;
}

async function measure(
  bench: Bench,
  terminal: TerminalProcess,
  daemon: Roster,
  { way, filter, still }: List,
  { rows }: TerminalSize,
) {
  let open = 0;
  for (const [keys, shows] of way) open = await terminal.shows(shows, keys);
  const slowest = async (keys: Iterable<string>) => {
    const times: number[] = [];
    for (const key of keys) times.push((await terminal.press(key)).milliseconds);
    return percentile(times, 0.95);
  };
  const figures = {
    open,
    p95: await slowest([...KEYS, ...KEYS, ...KEYS]),
    jump: await slowest("Gg"),
    filter: await slowest(filter),
  };
  await terminal.press(ESCAPE);
  if (still) return { ...figures, frames: null, cpu: null, daemonCpu: null };
  const users = Math.min(rows, bench.plan.mostUsers);
  const changing = await daemon.locally((client) =>
    keepChanging(client, { aSecond: CHANGES_A_SECOND, users }, () => watch(bench, terminal, daemon)),
  );
  return { ...figures, ...changing };
}

async function watch({ plan }: Bench, terminal: TerminalProcess, daemon: Roster) {
  const seconds = plan.milliseconds / 2000;
  const cpus = () => [terminal.cpu(), inMilliseconds(cpuOf(daemon.server.pid))] as const;
  const before = cpus();
  const { frames } = await terminal.watch(seconds * 1000);
  const [cpu, daemonCpu] = cpus().map((used, of) => perSecond(used, before[of] ?? null, seconds));
  return { frames: frames / seconds, cpu: cpu ?? null, daemonCpu: daemonCpu ?? null };
}

function perSecond(used: number | null, before: number | null, seconds: number): number | null {
  return used === null || before === null ? null : (used - before) / seconds;
}

function inMilliseconds(microseconds: number | null): number | null {
  return microseconds === null ? null : microseconds / 1000;
}

async function makeData(bench: Bench, population: number): Promise<string> {
  const data = await mkdtemp(join(bench.directory, "lists-"));
  const indexes = Array.from({ length: population }, (_, index) => index);
  const store = await openPopulated(data, population, {
    keys: indexes.map(keyRecord),
    sessions: indexes.filter((index) => index % 5 === 0).map(sessionRecord),
  });
  await enter(store, population);
  await store.close();
  return data;
}

function keyRecord(index: number): KeyRecord {
  return {
    id: userId(index).replace("-7000-8", "-7001-8"),
    userId: userId(index),
    name: `deploy ${index % 100}`,
    lookup: index.toString(36).padStart(12, "0"),
    hash: "0".repeat(64),
    hint: `rk_${index.toString(36).padStart(6, "0")}`,
    permissions: ["users.read"],
    createdAt: "2026-01-05T08:00:00.000Z",
    expiresAt: null,
    expiredAt: null,
    rotatedFrom: null,
    rotatedTo: null,
    graceUntil: null,
    revokedAt: null,
    revokedReason: null,
  };
}

/** Begun now, so that it lasts. */
function sessionRecord(index: number): SessionRecord {
  const createdAt = new Date().toISOString();
  return {
    id: userId(index).replace("-7000-8", "-7002-8"),
    userId: userId(index),
    lookup: index.toString(36).padStart(12, "0"),
    hash: "0".repeat(64),
    createdAt,
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    reauthenticatedAt: createdAt,
    address: "192.0.2.1",
    client: `laptop ${index % 100}`,
  };
}

function atMost(what: string, goal: number, reached: number): Goal {
  return { what, bound: "at most", goal, reached };
}
