import { userSortKeys } from "../../protocol/index.ts";
import type { Bench } from "./bench.ts";
import type { Goal, Table } from "./report.ts";
import { pages, searches, updates } from "./requests.ts";
import { startRoster } from "./roster.ts";
import { alternate, type Contender, type Figures } from "./rounds.ts";

const USERS = 100_000;
/** Changes share their syncs, so that what is left of a change is mostly the daemon's own work. */
const CHANGES_IN_FLIGHT = 64;
const userLists = new URL("./servers/user-lists.js", import.meta.url);

/** Lists at 100,000 users: CPU time of the daemon for a page, and for a change that keeps the orders. */
export async function query(bench: Bench): Promise<Table[]> {
  const population = Math.min(USERS, bench.plan.mostUsers);
  const users = `${population.toLocaleString("en-US")} users`;
  bench.progress(`two directories of ${users}`);
  const peer = async (name: string, variant: string) => ({
    name,
    server: await bench.start(userLists, [String(population), variant]),
    headers: {},
  });
  const unsorted = { name: "Roster, no list asked for yet", ...(await startRoster(bench, population)) };
  const roster = { name: "Roster", ...(await startRoster(bench, population)) };
  bench.progress("every order, once");
  await roster.locally(async (client) => {
    for (const by of userSortKeys) await client.call("users.list", { sort: { by } });
  });
  const listing = [
    await peer("ws, bare JSON, kept arrays (limit)", "kept"),
    await peer("ws, bare JSON, naive filter and sort", "naive"),
    roster,
  ];

  const measure = async (
    title: string,
    contenders: Omit<Contender, "requests">[],
    requests: string[],
    inFlight = 1,
  ) => {
    bench.progress(title);
    const all = contenders.map((contender) => ({ ...contender, requests }));
    const rows = await alternate(bench, all, { connections: 1, inFlight });
    return { title, rows };
  };
  const paged = await measure(
    `a page of 50 of ${users}, by any sort key, at any offset`,
    listing,
    pages(population),
  );
  const searched = await measure(
    `a page of 50 of ${users} with a text filter, and the exact total`,
    listing,
    searches(),
  );
  const changed = await measure(
    `users.update at ${users}, ${CHANGES_IN_FLIGHT} in flight, keeping the orders of all sort keys`,
    [unsorted, { ...roster, name: "Roster, every order asked for" }],
    updates(population),
    CHANGES_IN_FLIGHT,
  );
  return [
    { ...paged, goals: [daemonTime("ms a page in the daemon", 0.3, paged.rows)] },
    { ...searched, goals: [daemonTime("ms a page in the daemon", 2, searched.rows)] },
    { ...changed, goals: [daemonTime("ms a change in the daemon, all told", 0.1, changed.rows)] },
  ];
}

/** Of the last row. */
function daemonTime(what: string, goal: number, rows: Figures[]): Goal {
  const microseconds = rows.at(-1)?.serverMicroseconds ?? null;
  return { what, bound: "at most", goal, reached: microseconds === null ? null : microseconds / 1000 };
}
