import { setInterval } from "node:timers/promises";
import type { Client } from "../../protocol/index.ts";
import { userId } from "./population.ts";

const TICK_MS = 20;

/** Changes the first users' names, so many a second, while `work` runs. */
export async function keepChanging<T>(
  client: Client,
  { aSecond, users }: { aSecond: number; users: number },
  work: () => Promise<T>,
): Promise<T> {
  const stopped = new AbortController();
  const changing = change(client, { each: (aSecond * TICK_MS) / 1000, users }, stopped.signal);
  try {
    return await work();
  } finally {
    stopped.abort();
    await changing;
  }
}

async function change(
  client: Client,
  { each, users }: { each: number; users: number },
  signal: AbortSignal,
): Promise<void> {
  let made = 0;
  for await (const _ of setInterval(TICK_MS)) {
    if (signal.aborted) return;
    const calls = Array.from({ length: each }, () => {
      made += 1;
      return client.call("users.update", {
        user: userId(made % users),
        changes: { fullName: `Change ${made}` },
      });
    });
    await Promise.all(calls);
  }
}
