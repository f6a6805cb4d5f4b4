import { useContext, useEffect, useMemo, useRef, useState } from "react";
import type { Entry, MethodName, Params, Result } from "../protocol/index.ts";
import { asError } from "./as-error.ts";
import { createCoalescer } from "./coalesce.ts";
import { ShownContext } from "./navigation.ts";
import { useOnline, useSession } from "./use-session.ts";

/** What was read, and how good it still is. */
export interface Remote<T> {
  /** The last answer; null before the first. */
  data: T | null;
  /** Why the last reading failed; null when it did not. `data` is then older. */
  error: Error | null;
  /** `data` may be out of date: there is no connection, or the last reading failed. */
  stale: boolean;
  /** Nothing has been read yet. */
  loading: boolean;
  /** Reads again. */
  refresh(): void;
}

/**
 * Reads by one call, and again after each change that `concerns` it (coalesced), after a reconnect and on `refresh`.
 * While its screen is not the one that is shown it rests, and reads anew when it is again. An answer to earlier
 * parameters never shows.
 */
export function useRemote<M extends MethodName>(
  method: M,
  params: Params<M>,
  concerns: (entry: Entry) => boolean,
): Remote<Result<M>> {
  const session = useSession();
  const key = JSON.stringify([method, params]);
  return useReading(key, () => session.call(method, params), concerns);
}

/** As `useRemote`, for what takes several calls; `key` says what is read. */
export function useReading<T>(
  key: string,
  read: () => Promise<T>,
  concerns: (entry: Entry) => boolean,
): Remote<T> {
  const session = useSession();
  const online = useOnline();
  const shown = useContext(ShownContext);
  const [answer, setAnswer] = useState<{ key: string; data: T } | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const latest = useRef({ key, read, concerns });
  latest.current = { key, read, concerns };

  const reader = useMemo(() => {
    async function readAgain(): Promise<void> {
      if (latest.current.key !== key) return;
      try {
        const data = await latest.current.read();
        if (latest.current.key !== key) return;
        setAnswer({ key, data });
        setError(null);
      } catch (failure) {
        if (latest.current.key === key) setError(asError(failure));
      }
    }
    return createCoalescer(readAgain);
  }, [key]);

  useEffect(() => {
    if (!shown) return;
    return session.follow((event) => {
      if (event.kind === "gap" || latest.current.concerns(event.entry)) reader.request();
    });
  }, [session, reader, shown]);
  useEffect(() => {
    if (online && shown) reader.now();
  }, [online, reader, shown]);
  useEffect(() => reader.stop, [reader]);

  const data = answer?.key === key ? answer.data : null;
  return {
    data,
    error,
    stale: data !== null && (!online || error !== null),
    loading: data === null && error === null,
    refresh: reader.now,
  };
}
