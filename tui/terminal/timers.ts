/** Starts a one-shot timer and returns its cancellation; injected so that tests need not wait. */
export type StartTimer = (callback: () => void, ms: number) => () => void;

export const startTimer: StartTimer = (callback, ms) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

/** Calls back once what has happened by now is dealt with, and returns the cancellation. */
export type AtTurnsEnd = (callback: () => void) => () => void;

export const atTurnsEnd: AtTurnsEnd = (callback) => {
  const immediate = setImmediate(callback);
  return () => clearImmediate(immediate);
};
