import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { journalOf, makeDirectory, SNAPSHOT_FILE } from "./directories.ts";
import { type Launched, type LaunchFigures, launchColumns, launchInTurn } from "./launches.ts";
import type { Goal, Table } from "./report.ts";
import { daemonProgram, rosterdArguments } from "./roster.ts";

const USERS = 100_000;
const JOURNAL_USERS = 10_000;
const JOURNAL_LINES = 100_000;
const parser = new URL("./servers/parse-file.js", import.meta.url);

/** From the start of the process to `ready`: an empty directory, 100,000 users, and a journal to be replayed. */
export async function start(bench: Bench): Promise<Table[]> {
  return [await empty(bench), await full(bench), await replay(bench)];
}

async function empty(bench: Bench): Promise<Table> {
  const rows = await launchInTurn(bench, [
    { name: "bare Node, one ws listener", script: parser, args: [] },
    rosterd("rosterd, an empty directory", await makeDirectory(bench, 0)),
  ]);
  const title = "start to ready, an empty directory";
  const goals = [atMost("ms to ready", 250, rows.at(-1)?.milliseconds)];
  return { title, columns: launchColumns, rows, goals };
}

async function full(bench: Bench): Promise<Table> {
  const population = Math.min(USERS, bench.plan.mostUsers);
  const users = `${population.toLocaleString("en-US")} users`;
  bench.progress(`a directory of ${users}`);
  const directory = await makeDirectory(bench, population);
  const rows = await launchInTurn(bench, [
    {
      name: "read and JSON.parse of the same file (limit)",
      script: parser,
      args: ["whole", join(directory, SNAPSHOT_FILE)],
    },
    rosterd(`rosterd, ${users}`, directory),
  ]);
  const [limit, reached] = rows;
  return {
    title: `start to ready, ${users}`,
    columns: launchColumns,
    rows,
    goals: [atMost("of the limit's time", 1.5, ratio(reached, limit))],
  };
}

/** What the journal adds to a start is the replay. */
async function replay(bench: Bench): Promise<Table> {
  const population = Math.min(JOURNAL_USERS, bench.plan.mostUsers);
  const lines = bench.plan.mostUsers < JOURNAL_LINES ? bench.plan.mostUsers : JOURNAL_LINES;
  const users = `${population.toLocaleString("en-US")} users`;
  const changes = `${lines.toLocaleString("en-US")} changes in the journal`;
  bench.progress(`${users}, ${changes}`);
  const directory = await makeDirectory(bench, population, lines);
  const rows = await launchInTurn(bench, [
    { name: "bare Node, one ws listener", script: parser, args: [] },
    {
      name: "read and JSON.parse of each line",
      script: parser,
      args: ["lines", await journalOf(directory)],
    },
    rosterd(`rosterd, ${users}`, await makeDirectory(bench, population)),
    rosterd(`rosterd, ${users}, ${changes}`, directory),
  ]);
  const [, , without, withLines] = rows;
  const seconds = ((withLines?.milliseconds ?? Number.NaN) - (without?.milliseconds ?? Number.NaN)) / 1000;
  const reached = seconds > 0 ? lines / seconds : null;
  return {
    title: `start to ready, ${changes}, the chain checked`,
    columns: launchColumns,
    rows,
    goals: [{ what: "lines a second", bound: "at least", goal: 60_000, reached }],
  };
}

function rosterd(name: string, directory: string): Launched {
  return { name, script: daemonProgram, args: rosterdArguments(directory) };
}

function ratio(row: LaunchFigures | undefined, limit: LaunchFigures | undefined): number | undefined {
  return row && limit && row.milliseconds / limit.milliseconds;
}

function atMost(what: string, goal: number, reached: number | undefined): Goal {
  return { what, bound: "at most", goal, reached: reached ?? null };
}
