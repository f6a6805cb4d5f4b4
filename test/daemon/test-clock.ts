import type { Clock } from "../../daemon/clock.ts";

/** Time that passes when the test says so. */
export class TestClock implements Clock {
  #now = Date.parse("2026-03-01T12:00:00.000Z");
  #elapsed = 0;

  now = (): number => this.#now;
  elapsed = (): number => this.#elapsed;

  advance(ms: number): void {
    this.#now += ms;
    this.#elapsed += ms;
  }

  /** Only the calendar moves, as if it had been corrected. */
  jump(ms: number): void {
    this.#now += ms;
  }
}
