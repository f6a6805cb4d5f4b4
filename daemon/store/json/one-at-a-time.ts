/** Runs work one at a time, in the order in which it was asked for; one that fails does not stop the next. */
export class OneAtATime {
  readonly #waiting: (() => void)[] = [];
  #busy = false;

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.begin();
    try {
      return await work();
    } finally {
      this.end();
    }
  }

  /** Resolves when it is the caller's turn, which lasts until `end`. */
  begin(): Promise<void> | undefined {
    if (this.#busy) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#busy = true;
    return undefined;
  }

  /** Stays busy where somebody waits, so that nobody comes in between. */
  end(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy = false;
  }

  /** Resolves when all that was asked for has run. */
  idle(): Promise<void> {
    return this.run(async () => {});
  }
}
