/**
 * Observations counted under upper bounds, as Prometheus has them, in seconds. Our own, for it costs a call nothing
 * that can be measured: prom-client looks labels up by a text made of them, each time.
 */
export class Histogram {
  readonly bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  /** `bounds` ascend, in seconds. */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  observe(ms: number): void {
    const seconds = ms / 1000;
    this.#sum += seconds;
    this.#count += 1;
    for (let index = 0; index < this.bounds.length; index += 1) {
      if (seconds > (this.bounds[index] as number)) continue;
      this.#counts[index] = (this.#counts[index] as number) + 1;
      return;
    }
  }

  /** Seconds. */
  get sum(): number {
    return this.#sum;
  }

  get count(): number {
    return this.#count;
  }

  /** How many observations are at or below each bound. */
  cumulative(): number[] {
    let below = 0;
    return this.#counts.map((count) => {
      below += count;
      return below;
    });
  }
}
