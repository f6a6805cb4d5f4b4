import { performance } from "node:perf_hooks";

/** Both kinds of time, injectable for tests. */
export interface Clock {
  /** Milliseconds since the epoch; it may jump. */
  now(): number;
  /** Milliseconds that only ever grow: for time limits, which a corrected calendar must not trip. */
  elapsed(): number;
}

export const systemClock: Clock = { now: Date.now, elapsed: () => performance.now() };
