import { type AtTurnsEnd, atTurnsEnd, type StartTimer, startTimer } from "./timers.ts";

/** After a rest: keys typed quickly, each with its own frame and the daemon's answer to it. */
const FRAMES_AT_ONCE = 6;
/** In step from then on: with those at once no more than 30 in any second. */
const FRAME_MS = 40;

export interface FramePacerOptions {
  draw(): void;
  /** Whether the terminal takes more now. */
  isReady(): boolean;
  /** Calls back when it does again. */
  whenReady(callback: () => void): void;
  /** Milliseconds of a clock that only goes forward. */
  now?(): number;
  startTimer?: StartTimer;
  atTurnsEnd?: AtTurnsEnd;
}

/**
 * Decides when to draw: at once after a rest, in step while changes keep coming, and not before a slow line has taken
 * what was drawn before. The last change is always drawn. What changes within one turn of the event loop is one frame,
 * and what it asks the daemon is on its way before that is drawn.
 */
export function createFramePacer(options: FramePacerOptions): { request(): void; stop(): void } {
  const { now = () => performance.now() } = options;
  const { startTimer: start = startTimer, atTurnsEnd: soon = atTurnsEnd } = options;
  /** Until when the frames drawn so far last, at one each FRAME_MS. */
  let paidUntil = Number.NEGATIVE_INFINITY;
  let waiting = false;
  let cancel = () => {};

  function attempt(): void {
    waiting = false;
    if (!options.isReady()) {
      waiting = true;
      options.whenReady(attempt);
      return;
    }
    const rest = paidUntil - (FRAMES_AT_ONCE - 1) * FRAME_MS - now();
    if (rest > 0) {
      waiting = true;
      cancel = start(attempt, rest);
      return;
    }
    paidUntil = Math.max(paidUntil, now()) + FRAME_MS;
    options.draw();
  }

  return {
    request() {
      if (waiting) return;
      waiting = true;
      cancel = soon(attempt);
    },
    stop() {
      waiting = true;
      cancel();
    },
  };
}
