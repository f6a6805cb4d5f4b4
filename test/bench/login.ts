import type { Bench } from "./bench.ts";
import { whileLoggingIn } from "./logins.ts";
import { userId } from "./population.ts";
import type { Goal, Table } from "./report.ts";
import { gets, keyChecks, passwordChecks, updates } from "./requests.ts";
import { type Roster, startRoster } from "./roster.ts";
import { alternate, type Contender } from "./rounds.ts";

const USERS = 10_000;
const PASSWORD = "seven brown herons over the weir";
const LOGINS_AT_ONCE = 100;
const KEYS = 100;
/** What `rosterd` hashes side by side. */
const WIDTH = 2;
/** Ten passwords or so a sample. */
const PASSWORD_SAMPLES_ARE_LONGER = 2;
const PACED = { connections: 1, everyMilliseconds: 5 } as const;
const bareScrypt = new URL("./servers/bare-scrypt.js", import.meta.url);

/** Passwords beside bare scrypt, what logins do to other calls, and `auth.verifyKey` beside `users.get`. */
export async function login(bench: Bench): Promise<Table[]> {
  const population = Math.min(USERS, bench.plan.mostUsers);
  const roster = await startRoster(bench, population, PASSWORD);
  const logins = { name: "Roster", ...roster, requests: passwordChecks(population, PASSWORD) };
  return [
    await passwords(bench, logins),
    await keys(bench, roster, population),
    ...(await othersDuringLogins(bench, logins, population)),
  ];
}

async function passwords(bench: Bench, logins: Contender): Promise<Table> {
  const limit = {
    ...logins,
    name: "ws, bare crypto.scrypt (limit)",
    server: await bench.start(bareScrypt, []),
    headers: {},
  };
  const title = `passwords verified, ${WIDTH} at once`;
  bench.progress(title);
  const milliseconds = bench.plan.milliseconds * PASSWORD_SAMPLES_ARE_LONGER;
  const longer = { ...bench, plan: { ...bench.plan, milliseconds } };
  const rows = await alternate(longer, [limit, logins], { connections: WIDTH, inFlight: 1 });
  return {
    title,
    rows,
    goals: [{ what: "of bare scrypt", bound: "at least", goal: 0.9, reached: rows.at(-1)?.ratio ?? null }],
  };
}

async function keys(bench: Bench, roster: Roster, population: number): Promise<Table> {
  const secrets = await roster.locally((client) =>
    Promise.all(
      Array.from({ length: Math.min(KEYS, population) }, async (_, index) => {
        const { secret } = await client.call("keys.create", { user: userId(index), name: "bench" });
        return secret;
      }),
    ),
  );
  const title = "auth.verifyKey beside users.get, 64 in flight on one connection";
  bench.progress(title);
  const rows = await alternate(
    bench,
    [
      { ...roster, name: "users.get (limit)", requests: gets(population) },
      { ...roster, name: "auth.verifyKey", requests: keyChecks(secrets) },
    ],
    { connections: 1, inFlight: 64 },
  );
  return {
    title,
    rows,
    goals: [{ what: "of users.get", bound: "at least", goal: 0.9, reached: rows.at(-1)?.ratio ?? null }],
  };
}

/** One call each 5 ms, first by itself, then while clients keep logging in. */
async function othersDuringLogins(bench: Bench, logins: Contender, population: number): Promise<Table[]> {
  const others = [
    { ...logins, name: "users.get", requests: gets(population) },
    { ...logins, name: "users.update", requests: updates(population) },
  ];
  bench.progress("one call each 5 ms, no logins");
  const quiet = await alternate(bench, others, PACED);
  const clients = Math.min(LOGINS_AT_ONCE, population);
  const title = `one call each 5 ms, during ${clients} logins at once`;
  bench.progress(title);
  const during = await whileLoggingIn(logins, clients, () => alternate(bench, others, PACED));

  const [reading, changing] = during;
  const p99 = (what: string, goal: number, reached = Number.NaN): Goal => ({
    what,
    bound: "at most",
    goal,
    reached,
  });
  return [
    { title: "one call each 5 ms, no logins", rows: quiet, goals: [] },
    {
      title,
      rows: during,
      goals: [p99("ms, p99 of other calls", 10, reading?.p99), p99("ms, p99 of changes", 30, changing?.p99)],
    },
  ];
}
