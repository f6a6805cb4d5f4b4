import { useRef, useState } from "react";
import { asError } from "./as-error.ts";

/** A change that a person asked for: under way, failed, or neither. */
export interface Action {
  running: boolean;
  /** Why the last one failed; shown near where it was asked for. */
  error: Error | null;
  /** Runs one change at a time: while one is under way another is not begun. */
  run(work: () => Promise<void>): Promise<void>;
  forget(): void;
}

export function useAction(): Action {
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const busy = useRef(false);

  async function run(work: () => Promise<void>): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    setRunning(true);
    setError(null);
    try {
      await work();
    } catch (failure) {
      setError(asError(failure));
    } finally {
      busy.current = false;
      setRunning(false);
    }
  }

  return { running, error, run, forget: () => setError(null) };
}
