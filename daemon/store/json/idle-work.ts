/** How long work goes on before others have their turn; milliseconds. */
const SLICE_MS = 1;
/** How long they have it: after they had little to do in their last one, and after they had more. */
const PAUSE_MS = 1;
const BUSY_PAUSE_MS = 5;
/** What is more than little: some answer was given. */
const LITTLE_MS = 0.25;

/** Work of many short steps. */
export interface Work {
  /** Takes the next step, of some microseconds; false where there was none left to take. */
  step(): boolean;
}

/** What goes before what, the lowest first: short work that lists need, what somebody waits for, and all other. */
const RANKS = { soon: 0, awaited: 1, later: 2 };

interface Task {
  work: Work;
  rank: number;
  /** Of whoever waits for it. */
  resolve?: () => void;
  reject?: (cause: unknown) => void;
}

/**
 * Work that can wait, done in short slices with pauses between them: longer ones while the process has other things to
 * do, so that these are not held up, and the work goes on all the same. No timer of it keeps the process alive, and none
 * is left once all is done.
 */
export class IdleWork {
  readonly #activeMs: () => number;
  readonly #tasks: Task[] = [];
  #timer: NodeJS.Timeout | null = null;
  #pauseMs = PAUSE_MS;
  /** How long the process had been at work when the pause began. */
  #activeBefore = 0;
  #stopped = false;

  /** `activeMs`: how long the process has been at work so far. */
  constructor(activeMs = () => performance.eventLoopUtilization().active) {
    this.#activeMs = activeMs;
  }

  /** To be done after what is due as soon, and not before `delayMs` where nothing is under way yet. */
  add(works: readonly Work[], { soon = false, delayMs = this.#pauseMs } = {}): void {
    const rank = soon ? RANKS.soon : RANKS.later;
    for (const work of works) this.#insert({ work, rank });
    if (!this.#timer) this.#wait(delayMs);
  }

  /**
   * Work that somebody waits for, to be done after what is due soon and before all other, and without a delay: resolves
   * when it is done, rejects with what a step throws, or when it was stopped before.
   */
  run(work: Work): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#insert({ work, rank: RANKS.awaited, resolve, reject });
      this.#wait(this.#pauseMs);
    });
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#drop();
  }

  #insert(task: Task): void {
    const next = this.#tasks.findIndex(({ rank }) => rank > task.rank);
    this.#tasks.splice(next === -1 ? this.#tasks.length : next, 0, task);
  }

  #drop(): void {
    for (const { reject } of this.#tasks.splice(0)) reject?.(new Error("The work was stopped"));
  }

  #wait(ms: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#stopped) {
      this.#drop();
      return;
    }
    this.#activeBefore = this.#activeMs();
    this.#timer = setTimeout(() => this.#slice(), ms).unref();
  }

  #slice(): void {
    this.#timer = null;
    const othersMs = this.#activeMs() - this.#activeBefore;
    this.#pauseMs = othersMs > LITTLE_MS ? BUSY_PAUSE_MS : PAUSE_MS;
    const end = performance.now() + SLICE_MS;
    while (this.#tasks.length > 0 && performance.now() < end) this.#step();
    if (this.#tasks.length > 0) this.#wait(this.#pauseMs);
  }

  #step(): void {
    const [task] = this.#tasks;
    try {
      if (task?.work.step()) return;
      task?.resolve?.();
    } catch (error) {
      if (!task?.reject) throw error;
      task.reject(error);
    }
    this.#tasks.shift();
  }
}

/** Does at once what is left of the work. */
export function finish(work: Work): void {
  while (work.step());
}
