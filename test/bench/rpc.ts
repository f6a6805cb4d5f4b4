import type { Bench } from "./bench.ts";
import { onOneCore } from "./one-core.ts";
import type { Goal, Table } from "./report.ts";
import { gets } from "./requests.ts";
import { startRoster } from "./roster.ts";
import { alternate, type Contender, type Figures } from "./rounds.ts";
import type { Shape } from "./traffic.ts";

const USERS = 10_000;
const bareWs = new URL("./servers/bare-ws.js", import.meta.url);
const jsonRpc = new URL("./servers/json-rpc-2.0.js", import.meta.url);

/** Calls: `users.get`, a 670-byte user, beside bare `ws` and json-rpc-2.0. */
export async function rpc(bench: Bench): Promise<Table[]> {
  const population = Math.min(USERS, bench.plan.mostUsers);
  const requests = gets(population);
  const peer = async (name: string, script: URL, ...args: string[]): Promise<Contender> => ({
    name,
    server: await bench.start(script, [String(population), ...args]),
    headers: {},
    requests,
  });
  const limit = await peer("ws, bare JSON (limit)", bareWs);
  const roster = { name: "Roster", requests, ...(await startRoster(bench, population)) };
  const all = [
    limit,
    await peer("json-rpc-2.0, bare", jsonRpc, "bare"),
    await peer("json-rpc-2.0, zod on params", jsonRpc, "params"),
    await peer("json-rpc-2.0, zod on params and result", jsonRpc, "result"),
    roster,
  ];

  const tables: Table[] = [];
  const add = async (title: string, contenders: Contender[], shape: Shape, goals: (r: Figures) => Goal[]) => {
    bench.progress(title);
    const rows = await alternate(bench, contenders, shape);
    const reached = rows.at(-1);
    tables.push({ title, rows, goals: reached ? goals(reached) : [] });
  };
  await add("users.get, 64 in flight on one connection", all, { connections: 1, inFlight: 64 }, (reached) => [
    ratioGoal(1.0, reached),
    { what: "server µs a call", bound: "at most", goal: 11, reached: reached.serverMicroseconds },
  ]);
  await add(
    "users.get, 64 connections with one in flight",
    all,
    { connections: 64, inFlight: 1 },
    (reached) => [ratioGoal(0.95, reached)],
  );
  await onOneCore([bench.load.pid, limit.server.pid, roster.server.pid], () =>
    add(
      "users.get, one client, one at a time, client and server on one core",
      [limit, roster],
      { connections: 1, inFlight: 1 },
      (reached) => [ratioGoal(0.9, reached)],
    ),
  );
  return tables;
}

function ratioGoal(goal: number, { ratio }: Figures): Goal {
  return { what: "of bare ws", bound: "at least", goal, reached: ratio };
}
