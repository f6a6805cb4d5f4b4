import { useEffect, useState } from "react";

/** The time in milliseconds since the epoch, renewed every `everyMs`; null: as it was when this was first drawn. */
export function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (everyMs === null) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    setNow(Date.now());
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
