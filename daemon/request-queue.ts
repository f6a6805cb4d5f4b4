/** One request of a connection, waiting for its turn. */
export interface Task {
  /** Later requests wait until this one has been answered. */
  blocks: boolean;
  /** Calls `done` when it has been answered; never throws. */
  run(done: () => void): void;
}

export interface RequestQueueParts {
  /** The most that run at a time. */
  limit: number;
  /** Nothing further starts while this holds: what was answered is not taken. */
  isHeld: () => boolean;
  /** Called after each. */
  onDone: () => void;
}

/**
 * After how many requests that are not done, or how long, the others have their turn. A whole list costs milliseconds,
 * and hundreds of requests fit into one read; but what was cheap is done at once, and leaves with what follows it.
 */
const SLICE = { requests: 16, ms: 5 };

/** Starts a connection's requests in arrival order; they may finish in any. */
export class RequestQueue {
  readonly #parts: RequestQueueParts;
  #waiting: Task[] = [];
  /** Started since the others had their turn and not done, so that nobody knows what they cost; and when that was. */
  #sliced = 0;
  #slicedSince = 0;
  #yielding = false;
  #running = 0;
  #blocked = false;
  #starting = false;

  constructor(parts: RequestQueueParts) {
    this.#parts = parts;
  }

  /** Requests that are not answered yet. */
  get size(): number {
    return this.#waiting.length + this.#running;
  }

  push(task: Task): void {
    if (this.size === 0) this.#beginSlice();
    this.#waiting.push(task);
    this.#start();
  }

  /** To be called when what held it may have ended. */
  goOn(): void {
    if (this.#waiting.length > 0) this.#start();
  }

  /** Forgets what has not started: nobody waits for it any more. */
  clear(): void {
    this.#waiting = [];
  }

  #start(): void {
    // A task that is done at once comes back here: the loop below goes on with the next, not a deeper call.
    if (this.#starting) return;
    this.#starting = true;
    const { limit, isHeld } = this.#parts;
    while (this.#waiting.length > 0 && !this.#blocked && this.#running < limit && !isHeld()) {
      if (this.#isSliceOver()) {
        this.#yield();
        break;
      }
      const task = this.#waiting.shift();
      if (task === undefined) break;
      this.#running += 1;
      this.#sliced += 1;
      this.#blocked = task.blocks;
      task.run(() => this.#finish(task));
    }
    this.#starting = false;
  }

  #finish(task: Task): void {
    this.#running -= 1;
    this.#sliced = Math.max(0, this.#sliced - 1);
    if (task.blocks) this.#blocked = false;
    this.#start();
    this.#parts.onDone();
  }

  #beginSlice(): void {
    this.#sliced = 0;
    this.#slicedSince = performance.now();
  }

  #isSliceOver(): boolean {
    return this.#sliced >= SLICE.requests || performance.now() - this.#slicedSince > SLICE.ms;
  }

  /** Goes on when everybody else who has something to do has had a turn. */
  #yield(): void {
    if (this.#yielding) return;
    this.#yielding = true;
    setImmediate(() => {
      this.#yielding = false;
      this.#beginSlice();
      this.#start();
    });
  }
}
