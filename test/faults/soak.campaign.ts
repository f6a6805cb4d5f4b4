import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { Client } from "../../protocol/index.ts";
import { RawClient } from "../daemon/raw-client.ts";
import { Daemon } from "../e2e/daemon.ts";
import { tell } from "./effort.ts";
import { connect } from "./writers.ts";

const program = fileURLToPath(new URL("../../dist/faults/rosterd.js", import.meta.url));
const MINUTES = 10;
const CHANGES_A_SECOND = 200;
const RECONNECTS_A_SECOND = 100;
const TICK_MS = 50;
const TICKS = (MINUTES * 60_000) / TICK_MS;
const SAMPLE_EVERY_TICKS = 10_000 / TICK_MS;
/** A machine that is too slow for the load is not given more of it. */
const MOST_UNDER_WAY = 200;
const USERS = 200;
const MIB = 1024 * 1024;

interface Sample {
  heap: number;
  resident: number;
  descriptors: number;
}

test(`${MINUTES} minutes at ${CHANGES_A_SECOND} changes and ${RECONNECTS_A_SECOND} reconnects a second leave memory and descriptors level`, async (context) => {
  const daemon = await Daemon.start([], { program });
  onTestFinished(() => daemon.remove());
  const operator = await connect(daemon.socket);
  onTestFinished(() => operator.close());
  const { users, secret } = await populate(operator);
  const load = new Load();
  const samples: Sample[] = [];
  const startedAt = performance.now();
  for (let tick = 1; tick <= TICKS; tick++) {
    const due = startedAt + tick * TICK_MS - performance.now();
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
    await load.room();
    for (let n = 0; n < (CHANGES_A_SECOND * TICK_MS) / 1000; n++)
      load.add(() => change(operator, users, load.begun));
    for (let n = 0; n < (RECONNECTS_A_SECOND * TICK_MS) / 1000; n++)
      load.add(() => reconnect(daemon, secret));
    if (tick % SAMPLE_EVERY_TICKS === 0) samples.push(await sample(daemon));
  }
  await load.ended();
  const seconds = (performance.now() - startedAt) / 1000;
  const [early, late] = [quarter(samples, 1), quarter(samples, 3)];
  const changes = (TICKS * CHANGES_A_SECOND * TICK_MS) / 1000;
  const shown = (of: Sample) =>
    `${Math.round(of.heap / MIB)} MiB heap, ${Math.round(of.resident / MIB)} MiB resident, ${of.descriptors} descriptors`;
  tell(
    context,
    `${Math.round(changes / seconds)} changes a second; early ${shown(early)}; late ${shown(late)}`,
  );
  expect(late.heap).toBeLessThan(early.heap * 1.1 + 4 * MIB);
  expect(late.resident).toBeLessThan(early.resident * 1.2 + 16 * MIB);
  expect(late.descriptors).toBeLessThan(early.descriptors + 20);
});

/** Work that is begun at its time, and not all at once. */
class Load {
  begun = 0;
  readonly #underWay = new Set<Promise<void>>();

  add(work: () => Promise<void>): void {
    this.begun += 1;
    const run = work().finally(() => this.#underWay.delete(run));
    this.#underWay.add(run);
  }

  /** Resolves when there is room for more; rejects when something has failed. */
  async room(): Promise<void> {
    while (this.#underWay.size > MOST_UNDER_WAY) await Promise.race(this.#underWay);
  }

  async ended(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}

async function populate(operator: Client): Promise<{ users: string[]; secret: string }> {
  const names = Array.from({ length: USERS }, (_, index) => ({
    username: `user-${index}`,
    roles: ["viewer"],
  }));
  await operator.call("users.import", { mode: "create", users: names });
  const { items } = await operator.call("users.list", { limit: USERS });
  const [{ id } = { id: "" }] = items;
  const { secret } = await operator.call("keys.create", { user: id, name: "watcher" });
  return { users: items.map((user) => user.id), secret };
}

/** A change to somebody, so that all there is stays as large as it was. */
async function change(operator: Client, users: readonly string[], number: number): Promise<void> {
  const user = users[number % users.length] ?? "";
  if (number % 2) await operator.call("users.update", { user, changes: { fullName: `Number ${number}` } });
  else await operator.call("settings.save", { user, settings: { studio: { number } } });
}

/** Comes with a key, follows the events until one has come, and goes. */
async function reconnect(daemon: Daemon, secret: string): Promise<void> {
  const client = await RawClient.open(daemon.url, { headers: { Authorization: `Bearer ${secret}` } });
  await client.call("events.subscribe", { topics: ["users"] });
  await client.event();
  await client.close();
}

async function sample(daemon: Daemon): Promise<Sample> {
  const told = new Promise<{ heapUsed: number; rss: number }>((resolve) => {
    const listen = (entry: { msg: string }) => {
      if (entry.msg !== "memory") return;
      daemon.lines.off("line", listen);
      resolve(entry as unknown as { heapUsed: number; rss: number });
    };
    daemon.lines.on("line", listen);
  });
  process.kill(daemon.pid, "SIGUSR2");
  const { heapUsed, rss } = await told;
  return { heap: heapUsed, resident: rss, descriptors: readdirSync(`/proc/${daemon.pid}/fd`).length };
}

/** The medians of the samples of a quarter of the time, counted from 0. */
function quarter(samples: readonly Sample[], number: number): Sample {
  const size = Math.floor(samples.length / 4);
  const some = samples.slice(number * size, (number + 1) * size);
  const median = (of: keyof Sample) =>
    some.map((one) => one[of]).sort((a, b) => a - b)[Math.floor(size / 2)] ?? 0;
  return { heap: median("heap"), resident: median("resident"), descriptors: median("descriptors") };
}
