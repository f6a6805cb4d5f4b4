/** Runs work one at a time, in the order in which it was asked for; one that fails does not stop the next. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => {});
    return run;
  }

  /** Resolves when all that was asked for has run. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
