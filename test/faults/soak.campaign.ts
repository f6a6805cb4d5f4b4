import { readdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
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
const SAMPLE_EVERY_MS = 10_000;
/** Whom the changes come from in turn: one connection is answered no more than its share at a time. */
const OPERATORS = 4;
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
  const others = Array.from({ length: OPERATORS - 1 }, () => connect(daemon.socket));
  const operators = [operator, ...(await Promise.all(others))];
  onTestFinished(() => {
    for (const one of operators) one.close();
  });
  const { users, secret } = await populate(operator);
  const changes = new Pace(CHANGES_A_SECOND, (number) => change(operators, users, number));
  const reconnects = new Pace(RECONNECTS_A_SECOND, () => reconnect(daemon, secret));
  const samples: Sample[] = [];
  const startedAt = performance.now();
  let elapsed = 0;
  // The last ones to connect wait for an event, so that the changes go on for a moment.
  for (; elapsed < MINUTES * 60_000 || reconnects.underWay > 0; elapsed = performance.now() - startedAt) {
    changes.keep(elapsed);
    reconnects.keep(Math.min(elapsed, MINUTES * 60_000));
    if (elapsed >= (samples.length + 1) * SAMPLE_EVERY_MS) samples.push(await sample(daemon));
    await setTimeout(TICK_MS);
  }
  const [early, late] = [quarter(samples, 1), quarter(samples, 3)];
  const shown = (of: Sample) =>
    `${Math.round(of.heap / MIB)} MiB heap, ${Math.round(of.resident / MIB)} MiB resident, ${of.descriptors} descriptors`;
  tell(
    context,
    `${changes.mean(elapsed)} changes and ${reconnects.mean(elapsed)} reconnects a second; early ${shown(early)}; late ${shown(late)}`,
  );
  expect(changes.mean(elapsed), "changes a second: less load than it is about").toBe(CHANGES_A_SECOND);
  expect(reconnects.mean(elapsed), "reconnects a second: less load than it is about").toBe(
    RECONNECTS_A_SECOND,
  );
  expect(late.heap).toBeLessThan(early.heap * 1.1 + 4 * MIB);
  expect(late.resident).toBeLessThan(early.resident * 1.2 + 16 * MIB);
  expect(late.descriptors).toBeLessThan(early.descriptors + 20);
});

/** Work that is begun so often a second on average: what could not be begun in time is made up for. */
class Pace {
  underWay = 0;
  #begun = 0;
  #done = 0;
  #failure: { error: unknown } | null = null;
  readonly #aSecond: number;
  readonly #work: (number: number) => Promise<void>;

  constructor(aSecond: number, work: (number: number) => Promise<void>) {
    this.#aSecond = aSecond;
    this.#work = work;
  }

  /** Begins what is due so long after the start; throws when something has failed. */
  keep(elapsed: number): void {
    if (this.#failure) throw this.#failure.error;
    const due = Math.floor((this.#aSecond * elapsed) / 1000);
    // A daemon that has stood still is not given all of it at once, nor ever more than it takes.
    const inTick = (4 * this.#aSecond * TICK_MS) / 1000;
    const end = Math.min(due, this.#begun + inTick, this.#done + 2 * this.#aSecond);
    while (this.#begun < end) this.#begin();
  }

  /** How often a second it was done, rounded. */
  mean(elapsed: number): number {
    return Math.round((this.#done * 1000) / elapsed);
  }

  #begin(): void {
    this.#begun += 1;
    this.underWay += 1;
    this.#work(this.#begun).then(
      () => {
        this.#done += 1;
        this.underWay -= 1;
      },
      (error) => {
        this.#failure ??= { error };
      },
    );
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
async function change(operators: readonly Client[], users: readonly string[], number: number): Promise<void> {
  const operator = operators[number % operators.length];
  const user = users[number % users.length] ?? "";
  if (number % 2) await operator?.call("users.update", { user, changes: { fullName: `Number ${number}` } });
  else await operator?.call("settings.save", { user, settings: { studio: { number } } });
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
