import type { Timers } from "./client-link.ts";
import { ProtocolError } from "./errors.ts";

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** A connection that held so long was a good one: the next delay is the first again. */
const STABLE_MS = 5_000;

/** How long to wait before connecting again: doubles from 0.5 s to 30 s, less up to a half by chance. */
export class Backoff {
  readonly #timers: Timers;
  #failures = 0;
  #onlineSince: number | null = null;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  online(): void {
    this.#onlineSince = this.#timers.now();
  }

  /** Milliseconds; never less than the daemon asked for (`data.retryAfterMs`). */
  next(error: Error): number {
    const held = this.#onlineSince !== null && this.#timers.now() - this.#onlineSince >= STABLE_MS;
    this.#onlineSince = null;
    this.#failures = held ? 1 : this.#failures + 1;
    const longest = Math.min(FIRST_DELAY_MS * 2 ** (this.#failures - 1), LONGEST_DELAY_MS);
    const asked = error instanceof ProtocolError ? Number(error.data?.retryAfterMs ?? 0) : 0;
    return Math.max(longest * (1 - this.#timers.random() / 2), asked);
  }
}
