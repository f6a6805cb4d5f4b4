/** How long work goes on before others have their turn, and for how long they have it; milliseconds. */
const SLICE_MS = 1;
const PAUSE_MS = 1;

/** Work of many short steps. */
export interface Work {
  /** Takes the next step, of some microseconds; false where there was none left to take. */
  step(): boolean;
}

/** Work that can wait, done in short slices with pauses between them; no timer of it keeps the process alive, and none is left once all is done. */
export class IdleWork {
  readonly #works: Work[] = [];
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  /** To be done after what was added before, and not before `delayMs` where nothing is under way yet. */
  add(works: readonly Work[], delayMs = PAUSE_MS): void {
    this.#works.push(...works);
    if (!this.#timer) this.#wait(delayMs);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #wait(ms: number): void {
    if (!this.#stopped) this.#timer = setTimeout(() => this.#slice(), ms).unref();
  }

  #slice(): void {
    this.#timer = null;
    const end = performance.now() + SLICE_MS;
    while (performance.now() < end) {
      if (!this.#step()) return;
    }
    this.#wait(PAUSE_MS);
  }

  #step(): boolean {
    const [work] = this.#works;
    if (work && !work.step()) this.#works.shift();
    return work !== undefined;
  }
}

/** Does at once what is left of the work. */
export function finish(work: Work): void {
  while (work.step());
}
