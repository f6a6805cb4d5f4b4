import type { Logger } from "./log.ts";

export interface Timer {
  stop(): void;
}

/** Runs `work` every `ms`, never twice at a time. What fails is logged and tried again the next time. */
export function every(ms: number, work: () => Promise<void>, log: Logger): Timer {
  let running = false;
  const interval = setInterval(async () => {
    if (running) return;
    running = true;
    try {
      await work();
    } catch (error) {
      log.error({ err: error }, "Periodic work failed; it is tried again");
    } finally {
      running = false;
    }
  }, ms);
  return { stop: () => clearInterval(interval) };
}
