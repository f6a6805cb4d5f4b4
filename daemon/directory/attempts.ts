import type { Actor } from "../../protocol/index.ts";
import type { Attempt, Store } from "../store/store.ts";

export interface AttemptsParts {
  store: Pick<Store, "record">;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Attempts that changed nothing, gathered so that a flood of them cannot push evidence out of the audit. */
export interface Attempts {
  /** Counts one with those alike: same actor, address, type and subject. The first one's data stand for all. */
  note(attempt: Omit<Attempt, "at" | "count">): void;
  /** Hands what was gathered to the store; to be called once a minute and at the end. */
  flush(): void;
}

/** Different actors gathered at most: past it the gathering ends early, so that memory stays bounded. */
const MOST_GATHERED = 10_000;

export function createAttempts({ store, now }: AttemptsParts): Attempts {
  const gathered = new Map<string, Attempt>();

  function flush(): void {
    for (const attempt of gathered.values()) store.record(attempt);
    gathered.clear();
  }

  return {
    flush,
    note(attempt) {
      const key = JSON.stringify([
        attempt.type,
        attempt.outcome,
        ...identity(attempt.actor),
        attempt.subject?.id,
      ]);
      const alike = gathered.get(key);
      if (alike !== undefined) {
        alike.count += 1;
        return;
      }
      if (gathered.size >= MOST_GATHERED) flush();
      gathered.set(key, { ...attempt, at: new Date(now()).toISOString(), count: 1 });
    },
  };
}

function identity({ kind, id, address }: Actor): unknown[] {
  return [kind, id, address];
}
