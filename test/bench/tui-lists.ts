import type { Bench } from "./bench.ts";
import { makeListData } from "./list-data.ts";
import { type ListTimes, ListUser } from "./list-user.ts";
import { type List, listsOf } from "./lists.ts";
import { cpuOf } from "./machine.ts";
import { type Column, type Goal, number, type Row, type Table } from "./report.ts";
import { rested } from "./rested.ts";
import { type Roster, startRosterOn } from "./roster.ts";
import { percentile } from "./rounds.ts";
import { startTerminal, type TerminalProcess, type TerminalSize } from "./terminal-process.ts";
import { keepChanging } from "./tui-changes.ts";

const CHANGES_A_SECOND = 500;
const WARM_UP_KEYS = 40;
/** Times through all lists in a round, and what is done in each of them beside opening it. */
const VISITS = ["jump", "filter", "jump", "look"] as const;

const columns: readonly Column[] = [
  { of: "first", heading: "first open ms", as: number },
  { of: "open", heading: "open p95 ms", as: number },
  { of: "key", heading: "key p95 ms", as: number },
  { of: "jump", heading: "G, g p95 ms", as: number },
  { of: "filter", heading: "filter p95 ms", as: number },
  { of: "frames", heading: "frames a second, changing", as: number },
  { of: "cpu", heading: "the UI's CPU ms a second", as: number },
  { of: "daemonCpu", heading: "the daemon's", as: number },
];

/** What is asked of each list, and how a goal calls it. */
const actions = {
  open: "ms to open the slowest list, p95",
  key: "ms for a key in the slowest list, p95",
  jump: "ms for G or g in the slowest list, p95",
  filter: "ms for a letter of the slowest list's filter, p95",
} as const;

/**
 * Every list of the terminal UI with much behind it: users, keys and entries as many as there are, a fifth of it
 * sessions. In one process, which has seen some keys before, as somebody goes through them who has worked for a while.
 * A first round, in which daemon and program still prepare what they need, has a row of its own and no goal.
 */
export async function tuiLists(
  bench: Bench,
  program: string,
  population: number,
  sizes: readonly (TerminalSize & { p95: number })[],
): Promise<Table[]> {
  const count = population.toLocaleString("en-US");
  bench.progress(`a directory of ${count} users, keys and entries`);
  const daemon = await startRosterOn(bench, await makeListData(bench, population));
  const tables: Table[] = [];
  const all = listsOf(population);
  // A plan of one round is to see that it works.
  const lists = bench.plan.rounds > 1 ? all : all.slice(0, 1);
  for (const size of sizes.slice(0, bench.plan.rounds)) {
    const { rows, atFirst } = await goThroughLists(bench, program, daemon, lists, size);
    tables.push({
      title: `every list of ${count} users, as many keys and entries, a fifth as many sessions, at ${size.columns}x${size.rows}`,
      columns,
      rows: [...rows, atFirst],
      goals: Object.entries(actions).map(([action, what]) => slowest(rows, action, what, size.p95)),
    });
  }
  return tables;
}

async function goThroughLists(
  bench: Bench,
  program: string,
  daemon: Roster,
  lists: readonly List[],
  size: TerminalSize,
): Promise<{ rows: Row[]; atFirst: Row }> {
  const terminal = startTerminal(program, ["--socket", daemon.socket], size);
  const users = lists.map((list) => [list, new ListUser(terminal, size, list)] as const);
  const at = `at ${size.columns}x${size.rows}`;
  try {
    await terminal.shows(/\d users/);
    for (let key = 0; key < Math.min(WARM_UP_KEYS, bench.plan.mostUsers); key += 1) await terminal.press("j");
    bench.progress(`through all lists ${at} for the first time`);
    await goRound(users, 0);
    const first = users.map(([, user]) => user.takeTimes());
    if (bench.plan.rounds > 1) await rested(daemon.server.pid);
    const { listRounds } = bench.plan;
    for (let round = 1; round <= listRounds; round += 1) {
      bench.progress(`through all lists ${at}, round ${round} of ${listRounds}`);
      await goRound(users, round);
    }
    const rows: Row[] = [];
    for (const [index, [list, user]] of users.entries()) {
      bench.progress(`${list.name} ${at}`);
      const changing = await stayAt(bench, terminal, daemon, size, list, user);
      rows.push({
        name: list.name,
        first: first[index]?.open[0] ?? null,
        ...p95s([user.takeTimes()]),
        ...changing,
      });
    }
    return { rows, atFirst: together(first) };
  } finally {
    await terminal.end();
  }
}

async function goRound(users: readonly (readonly [List, ListUser])[], turn: number): Promise<void> {
  for (const visit of VISITS) for (const [list, user] of users) await visitList(list, user, visit, turn);
}

async function visitList({ still }: List, user: ListUser, visit: (typeof VISITS)[number], turn: number) {
  await user.open();
  if (visit === "jump") await user.jump();
  if (visit === "filter") await user.filter(turn);
  if (still) await user.leave();
}

/** Moves about in it, and stays there while users in view change. */
async function stayAt(
  bench: Bench,
  terminal: TerminalProcess,
  daemon: Roster,
  { rows }: TerminalSize,
  { still }: List,
  user: ListUser,
): Promise<Partial<Row>> {
  await user.open();
  await user.move();
  if (still) {
    await user.leave();
    return {};
  }
  const users = Math.min(rows, bench.plan.mostUsers);
  return daemon.locally((client) =>
    keepChanging(client, { aSecond: CHANGES_A_SECOND, users }, () => watch(bench, terminal, daemon)),
  );
}

/** All lists together in the first round; what opens one for the first time is in that list's row. */
function together(times: readonly ListTimes[]): Row {
  return {
    name: "all, the first round",
    ...p95s(times.map(({ open, ...others }) => ({ ...others, open: open.slice(1) }))),
  };
}

function p95s(times: readonly ListTimes[]) {
  const of = (action: keyof ListTimes) => p95(times.flatMap((each) => each[action]));
  return { open: of("open"), key: of("key"), jump: of("jump"), filter: of("filter") };
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

/** The goal for one action, which holds for every list. */
function slowest(rows: readonly Row[], action: string, what: string, goal: number): Goal {
  const reached = rows.map((row) => row[action]).filter((ms) => typeof ms === "number");
  const worst = reached.length > 0 ? Math.max(...reached) : null;
  return { what, bound: "at most", goal, reached: worst };
}

function p95(times: readonly number[]): number | null {
  return times.length > 0 ? percentile(times, 0.95) : null;
}
