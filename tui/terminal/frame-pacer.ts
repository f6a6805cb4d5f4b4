import { type AtTurnsEnd, atTurnsEnd, type StartTimer, startTimer } from "./timers.ts";

/** After a rest, or a key: its own frame, and those of two answers to it. */
const FRAMES_AT_ONCE = 3;
/** In step from then on: with those at once no more than 30 in any second. */
const FRAME_MS = 36;

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

export interface FramePacer {
  /** Something changed. */
  request(): void;
  /** Somebody pressed a key, and waits for what it leads to. */
  hurry(): void;
  stop(): void;
}

/**
 * Decides when to draw: at once after a rest or a key, in step while changes keep coming, and not before a slow line has
 * taken what was drawn before. The last change is always drawn. What changes within one turn of the event loop is one
 * frame, and what it asks the daemon is on its way before that is drawn.
 */
export function createFramePacer(options: FramePacerOptions): FramePacer {
  const { now = () => performance.now() } = options;
  const { startTimer: start = startTimer, atTurnsEnd: soon = atTurnsEnd } = options;
  /** Until when the frames drawn so far last, at one each FRAME_MS. */
  let paidUntil = Number.NEGATIVE_INFINITY;
  let waiting: "no" | "for its turn" | "for the line" | "for ever" = "no";
  let cancel = () => {};

  function attempt(): void {
    if (waiting === "for ever") return;
    waiting = "no";
    if (!options.isReady()) {
      waiting = "for the line";
      options.whenReady(attempt);
      return;
    }
    const rest = paidUntil - (FRAMES_AT_ONCE - 1) * FRAME_MS - now();
    if (rest > 0) {
      waiting = "for its turn";
      cancel = start(attempt, rest);
      return;
    }
    paidUntil = Math.max(paidUntil, now()) + FRAME_MS;
    options.draw();
  }

  function attemptSoon(): void {
    cancel();
    waiting = "for its turn";
    cancel = soon(attempt);
  }

  return {
    request() {
      if (waiting === "no") attemptSoon();
    },
    hurry() {
      paidUntil = Math.min(paidUntil, now());
      if (waiting === "for its turn") attemptSoon();
    },
    stop() {
      cancel();
      waiting = "for ever";
    },
  };
}
