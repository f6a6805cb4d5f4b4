import type { StartTimer } from "../../../tui/terminal/timers.ts";

/** Timers that run when a test lets time pass. */
export function createFakeTimers() {
  let now = 0;
  let pending: { at: number; callback: () => void }[] = [];
  const start: StartTimer = (callback, ms) => {
    const timer = { at: now + ms, callback };
    pending.push(timer);
    return () => {
      pending = pending.filter((other) => other !== timer);
    };
  };
  return {
    start,
    now: () => now,
    get pending() {
      return pending.length;
    },
    pass(ms: number) {
      const end = now + ms;
      for (;;) {
        const [next] = pending.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        now = next.at;
        pending = pending.filter((other) => other !== next);
        next.callback();
      }
      now = end;
    },
  };
}
