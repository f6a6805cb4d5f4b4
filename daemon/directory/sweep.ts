import type { Actor, Entry } from "../../protocol/index.ts";
import type { Store } from "../store/store.ts";
import { createClockWatch } from "./clock-watch.ts";

export const SYSTEM: Actor = { kind: "system", id: null, name: null, address: null };
/** Ended at most in one transaction, so that other changes need not wait long. */
export const BATCH = 100;
export const AT_ONCE = "";
export const NEVER = "~";

/** What the sweep looks after: records that time ends or removes. */
export interface Chore {
  /** The instants at which what an entry tells of will end. */
  endsIn(entry: Entry): readonly (string | null | undefined)[];
  /**
   * Journals what has ended by `now`, a batch at most; removes for its age only what may go from `trustedFrom` on.
   * Resolves with the earliest instant at which there is more to do.
   */
  run(now: string, trustedFrom: string): Promise<string>;
}

/** Takes both clocks, in milliseconds: the calendar's, and one that only ever ticks. */
export type Sweep = (now: number, elapsed: number) => Promise<void>;

/**
 * Journals what time has ended: what is ended stays ended, whatever the clock does, and subscribers hear of it.
 * Access never waits for this; it judges by the clock itself. Records are looked through only once the earliest of
 * their ends has come.
 */
export function createSweep(store: Pick<Store, "onEntries">, chores: readonly Chore[]): Sweep {
  const watchClock = createClockWatch();
  const due = new Map(chores.map((chore) => [chore, AT_ONCE]));

  function lower(chore: Chore, instant: string | null | undefined): void {
    if (instant != null && instant < (due.get(chore) ?? NEVER)) due.set(chore, instant);
  }

  store.onEntries((entries) => {
    for (const chore of chores) {
      for (const entry of entries) for (const end of chore.endsIn(entry)) lower(chore, end);
    }
  });

  async function run(chore: Chore, now: string, trustedFrom: string): Promise<void> {
    due.set(chore, NEVER);
    try {
      lower(chore, await chore.run(now, trustedFrom));
    } catch (error) {
      due.set(chore, AT_ONCE);
      throw error;
    }
  }

  return async (ms, elapsed) => {
    const { jumped, trustedFrom } = watchClock(ms, elapsed);
    const now = new Date(ms).toISOString();
    if (jumped) for (const chore of chores) due.set(chore, AT_ONCE);
    for (const [chore, instant] of due) {
      if (now >= instant) await run(chore, now, new Date(trustedFrom).toISOString());
    }
  };
}

/** The earliest of some instants. */
export class Earliest {
  instant = NEVER;

  add(instant: string): void {
    if (instant < this.instant) this.instant = instant;
  }
}
