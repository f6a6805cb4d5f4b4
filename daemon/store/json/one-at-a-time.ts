/** Runs work one at a time, in the order in which it was asked for; one that fails does not stop the next. */
export class OneAtATime {
  readonly #waiting: (() => void)[] = [];
  #busy = false;

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#handOn();
    }
  }

  /** Resolves when all that was asked for has run. */
  idle(): Promise<void> {
    return this.run(async () => {});
  }

  /** Stays busy where somebody waits, so that nobody comes in between. */
  #handOn(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy = false;
  }
}
