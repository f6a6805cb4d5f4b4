/**
 * A process of its own that changes a directory at a steady pace, first as it is, then while snapshots are written;
 * prints the figures of both as JSON, then ends.
 */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { createHistogram, monitorEventLoopDelay, type RecordableHistogram } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { JsonStore } from "../../daemon/store/json/json-store.ts";
import { change, openPopulated } from "./directories.ts";

/** Milliseconds, over all of the time measured. */
export interface PaceFigures {
  delayP999: number;
  delayMax: number;
  changeP99: number;
  changes: number;
  milliseconds: number;
}

const CHANGE_EVERY_MS = 5;
const [, , parent = "", population = "0", rounds = "1", quietMs = "0"] = process.argv;

const directory = await mkdtemp(join(parent, "roster-"));
const store = await openPopulated(directory, Number(population));
const quiet = await whileChanging(store, () => wait(Number(quietMs)));
const snapshots = await whileChanging(store, async () => {
  for (let round = 0; round < Number(rounds); round += 1) await store.snapshot();
});
await store.close();
process.stdout.write(JSON.stringify({ quiet, snapshots }));

async function whileChanging(store: JsonStore, work: () => Promise<void>): Promise<PaceFigures> {
  const latencies = createHistogram();
  const changing: Promise<void>[] = [];
  await change(store, 0, performance.now());
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const timer = setInterval(() => {
    changing.push(
      timed(latencies, () => change(store, changing.length % Number(population), performance.now())),
    );
  }, CHANGE_EVERY_MS);
  const start = performance.now();
  delays.enable();
  await work();
  delays.disable();
  const milliseconds = performance.now() - start;
  clearInterval(timer);
  await Promise.all(changing);
  return {
    delayP999: delays.percentile(99.9) / 1e6,
    delayMax: delays.max / 1e6,
    changeP99: latencies.percentile(99) / 1e6,
    changes: changing.length,
    milliseconds,
  };
}

async function timed(into: RecordableHistogram, work: () => Promise<void>): Promise<void> {
  const start = process.hrtime.bigint();
  await work();
  into.record(process.hrtime.bigint() - start);
}
