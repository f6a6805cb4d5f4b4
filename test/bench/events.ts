import type { Bench } from "./bench.ts";
import type { Table } from "./report.ts";
import { updates } from "./requests.ts";
import { startRoster } from "./roster.ts";
import { alternate } from "./rounds.ts";

const USERS = 10_000;
const SUBSCRIBERS = 1000;
const bareFanOut = new URL("./servers/bare-fan-out.js", import.meta.url);

/** Events: the time from one change to the last of 1,000 deliveries, beside bare `ws`. */
export async function events(bench: Bench): Promise<Table[]> {
  const population = Math.min(USERS, bench.plan.mostUsers);
  const connections = Math.min(SUBSCRIBERS, bench.plan.mostUsers);
  const requests = updates(population);
  const limit = {
    name: "ws, serialised once (limit)",
    server: await bench.start(bareFanOut, [String(population)]),
    headers: {},
    requests,
  };
  const roster = { name: "Roster", requests, ...(await startRoster(bench, population)) };

  const title = `one change to ${connections.toLocaleString("en-US")} subscribers: deliveries, and time to the last one`;
  bench.progress(title);
  const subscribe = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "events.subscribe", params: {} });
  const rows = await alternate(bench, [limit, roster], { connections, subscribe });
  const ratio = rows.at(-1)?.ratio ?? null;
  const goal = {
    what: "time to the last delivery, of bare ws",
    bound: "at most" as const,
    goal: 1.15,
    reached: ratio === null ? null : 1 / ratio,
  };
  return [{ title, rows, goals: [goal] }];
}
