import { join } from "node:path";
import type { Bench } from "./bench.ts";
import type { Goal, Table } from "./report.ts";
import { updates } from "./requests.ts";
import { startRoster } from "./roster.ts";
import { alternate, type Contender, type Figures } from "./rounds.ts";
import { snapshots } from "./snapshots.ts";

const SIZES = [100, 10_000, 100_000];
const bareJournal = new URL("./servers/bare-journal.js", import.meta.url);
const lowdbFile = new URL("./servers/lowdb-file.js", import.meta.url);

/** Changes: `users.update`, acknowledged after fdatasync, beside a bare journal and lowdb's stock file. */
export async function store(bench: Bench): Promise<Table[]> {
  const sizes = SIZES.map((size) => Math.min(size, bench.plan.mostUsers));
  const rosters: Contender[] = [];
  for (const size of sizes) {
    bench.progress(`a directory of ${size} users`);
    const roster = await startRoster(bench, size);
    rosters.push({ name: `Roster, ${inWords(size)}`, requests: updates(size), ...roster });
  }
  const group = await journalPeer(bench, "group", "ws + bare journal, group commit (limit)");
  const each = await journalPeer(bench, "each", "ws + bare journal (limit)");

  bench.progress("users.update, 64 in flight");
  const together = await alternate(bench, [group, ...rosters], { connections: 1, inFlight: 64 });
  bench.progress("users.update, one client, one at a time");
  const alone = await alternate(bench, [each, ...rosters], { connections: 1, inFlight: 1 });
  return [
    {
      title: "users.update, 64 in flight on one connection, each on disk before its answer",
      rows: together,
      goals: togetherGoals(together.slice(1)),
    },
    {
      title: "users.update, one client, one at a time",
      rows: alone,
      goals: alone.slice(1).map(({ name, ratio }) => ({
        what: `${name}, of the bare journal over ws`,
        bound: "at least",
        goal: 0.85,
        reached: ratio,
      })),
    },
    await snapshots(bench, sizes.at(-1) ?? 0, bench.plan.rounds),
    ...(await lowdbTables(bench, sizes)),
  ];
}

/** Figures of Roster at 100, 10,000 and 100,000 users. */
function togetherGoals([small, middle, large]: Figures[]): Goal[] {
  if (!small || !middle || !large) throw new Error("a size is missing");
  const times = (figures: Figures, goal: number): Goal => ({
    what: `${figures.name}, of the rate at ${small.name}`,
    bound: "at least",
    goal,
    reached: figures.rate / small.rate,
  });
  return [
    { what: `${small.name}, changes a second`, bound: "at least", goal: 20_000, reached: small.rate },
    times(middle, 0.85),
    times(large, 0.8),
  ];
}

async function journalPeer(bench: Bench, mode: "each" | "group", name: string): Promise<Contender> {
  const users = Math.min(10_000, bench.plan.mostUsers);
  const file = join(bench.directory, `journal-${mode}.jsonl`);
  const server = await bench.start(bareJournal, [String(users), mode, file]);
  return { name, server, headers: {}, requests: updates(users) };
}

/**
 * lowdb rewrites its file at each change and never syncs: an order of magnitude, so one round is enough.
 * At 100,000 users 64 changes at once would block it for most of a minute.
 */
async function lowdbTables(bench: Bench, sizes: readonly number[]): Promise<Table[]> {
  const tables: Table[] = [];
  for (const size of sizes) {
    const inFlight = size > 10_000 ? 1 : 64;
    const title = `lowdb's stock file, ${inWords(size)}, ${inFlight} in flight, never synced`;
    bench.progress(title);
    const server = await bench.start(lowdbFile, [String(size), join(bench.directory, `lowdb-${size}.json`)]);
    const once = { ...bench, plan: { ...bench.plan, rounds: 1 } };
    const contender = { name: "lowdb, stock JSONFile", server, headers: {}, requests: updates(size) };
    tables.push({ title, rows: await alternate(once, [contender], { connections: 1, inFlight }), goals: [] });
    await server.stop();
  }
  return tables;
}

function inWords(size: number): string {
  return `${size.toLocaleString("en-US")} users`;
}
