import { setTimeout as sleep } from "node:timers/promises";
import type { RawClient } from "../daemon/raw-client.ts";

/** How long somebody waited, in milliseconds. */
export interface Waits {
  p50: number;
  p99: number;
  most: number;
  count: number;
}

/** Somebody who works while others attack: asks a hundred times a second, and changes something ten times. */
export class Probe {
  readonly #client: RawClient;
  readonly #user: string;
  #reads: number[] = [];
  #changes: number[] = [];
  #running = true;
  readonly #ended: Promise<unknown>;

  constructor(client: RawClient, user: string) {
    this.#client = client;
    this.#user = user;
    this.#ended = Promise.all([
      this.#repeat(10, () => this.#client.call("users.get", { user }), this.#reads),
      this.#repeat(100, () => this.#change(), this.#changes),
    ]);
    // Told by `stop`, to whoever asks.
    this.#ended.catch(() => {});
  }

  /** What was felt since the last time. */
  felt(): { reads: Waits; changes: Waits } {
    const [reads, changes] = [this.#reads.splice(0), this.#changes.splice(0)];
    return { reads: waits(reads), changes: waits(changes) };
  }

  /** Rejects with what a call failed with, if one did. */
  async stop(): Promise<void> {
    this.#running = false;
    await this.#ended;
  }

  async #change(): Promise<void> {
    const settings = { siege: { at: performance.now() } };
    await this.#client.call("settings.save", { user: this.#user, settings });
  }

  async #repeat(everyMs: number, work: () => Promise<unknown>, into: number[]): Promise<void> {
    while (this.#running) {
      const begun = performance.now();
      await work();
      into.push(performance.now() - begun);
      await sleep(everyMs);
    }
  }
}

function waits(all: number[]): Waits {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), most: sorted.at(-1) ?? NaN, count: sorted.length };
}
