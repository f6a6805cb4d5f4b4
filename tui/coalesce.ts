/** Changes that arrive within this time lead to one reading. */
const GATHER_MS = 100;

/** Reads once for many requests, and never twice at a time: a flood of changes costs no flood of calls. */
export interface Coalescer {
  /** Reads soon. */
  request(): void;
  /** Reads now, or as soon as the reading under way has ended. */
  now(): void;
  stop(): void;
}

/** `work` must not reject. */
export function createCoalescer(work: () => Promise<void>): Coalescer {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;
  let stopped = false;

  async function run(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    again = running;
    if (running || stopped) return;
    running = true;
    await work();
    running = false;
    if (again) await run();
  }

  return {
    request() {
      if (!stopped) timer ??= setTimeout(run, GATHER_MS);
    },
    now: () => void run(),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
