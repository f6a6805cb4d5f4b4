/** One request of a connection, waiting for its turn. */
export interface Task {
  /** Later requests wait until this one has been answered. */
  blocks: boolean;
  /** Calls `done` when it has been answered; never throws. */
  run(done: () => void): void;
}

/** Starts a connection's requests in arrival order; they may finish in any. */
export class RequestQueue {
  readonly #limit: number;
  readonly #onDone: () => void;
  #waiting: Task[] = [];
  #running = 0;
  #blocked = false;
  #starting = false;

  /** Runs at most `limit` at a time and calls `onDone` after each. */
  constructor(limit: number, onDone: () => void) {
    this.#limit = limit;
    this.#onDone = onDone;
  }

  /** Requests that are not answered yet. */
  get size(): number {
    return this.#waiting.length + this.#running;
  }

  push(task: Task): void {
    this.#waiting.push(task);
    this.#start();
  }

  /** Forgets what has not started: nobody waits for it any more. */
  clear(): void {
    this.#waiting = [];
  }

  #start(): void {
    // A task that is done at once comes back here: the loop below goes on with the next, not a deeper call.
    if (this.#starting) return;
    this.#starting = true;
    while (!this.#blocked && this.#running < this.#limit) {
      const task = this.#waiting.shift();
      if (task === undefined) break;
      this.#running += 1;
      this.#blocked = task.blocks;
      task.run(() => this.#finish(task));
    }
    this.#starting = false;
  }

  #finish(task: Task): void {
    this.#running -= 1;
    if (task.blocks) this.#blocked = false;
    this.#start();
    this.#onDone();
  }
}
