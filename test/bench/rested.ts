import { setTimeout as wait } from "node:timers/promises";
import { cpuOf } from "./machine.ts";

/** Longer than the daemon waits after its start before it prepares lists. */
const REST_MS = 1500;
/** CPU time that it uses meanwhile at most. */
const RESTING_MICROSECONDS = 30_000;
/** A minute in all. */
const MOST_WAITS = 40;

/** Waits until the daemon has made what further lists need, which it does in its idle moments. */
export async function rested(pid: number): Promise<void> {
  let before = cpuOf(pid) ?? 0;
  for (let waits = 0; waits < MOST_WAITS; waits += 1) {
    await wait(REST_MS);
    const used = cpuOf(pid) ?? 0;
    if (used - before <= RESTING_MICROSECONDS) return;
    before = used;
  }
}
