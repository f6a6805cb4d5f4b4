/** Starts a one-shot timer and returns its cancellation; injected so that tests need not wait. */
export type StartTimer = (callback: () => void, ms: number) => () => void;

export const startTimer: StartTimer = (callback, ms) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};
