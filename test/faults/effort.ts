import { onTestFailed, type TestContext } from "vitest";

/** Set by `npm run faults`: everything is tried as often as its table says. `npm test` has time for a sample. */
export const inFull = process.env.ROSTER_FAULTS === "full";

/** Where chance begins; printed, and taken from the environment to see the same again. */
export const seed = Number(process.env.ROSTER_FAULTS_SEED ?? 1);

/** How often to try something: in `npm test`, and in `npm run faults`. */
export function times(sample: number, full: number): number {
  return inFull ? full : sample;
}

/** Does the jobs 1 to `count` in lanes; after a failure no more are begun, and it throws once none is under way. */
export async function inLanes(
  lanes: number,
  count: number,
  work: (job: number) => Promise<void>,
): Promise<void> {
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      await work(begun).catch((error) => {
        begun = count;
        throw error;
      });
    }
  };
  for (const outcome of await Promise.allSettled(Array.from({ length: lanes }, lane))) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}

/** The figures of a test, for the table at the end of `npm run faults`. */
export function tell({ task }: TestContext, figures: string): void {
  task.meta.figures = figures;
}

/** Chance that is the same for the same seed and name. */
export function chanceOf(name: string): Chance {
  onTestFailed(() => {
    process.stderr.write(`${name}: to see it again, ROSTER_FAULTS_SEED=${seed}\n`);
  });
  return new Chance(seed, name);
}

/** mulberry32, begun from a seed and a name. */
export class Chance {
  #state: number;

  constructor(seed: number, name: string) {
    this.#state = [...name].reduce(
      (state, letter) => Math.imul(state ^ letter.charCodeAt(0), 0x01000193),
      seed,
    );
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` up to and including `high`. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.between(0, choices.length - 1)] ?? choices[0];
  }
}

declare module "vitest" {
  interface TaskMeta {
    figures?: string;
  }
}
