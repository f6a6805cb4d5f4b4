import { createContext, useContext, useSyncExternalStore } from "react";
import type { Session, SessionSnapshot } from "./session.ts";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionContext above it");
  return session;
}

/** What the session is now; renders again when that changes. */
export function useSessionSnapshot(): SessionSnapshot {
  const session = useSession();
  return useSyncExternalStore(
    (watcher) => session.watch(watcher),
    () => session.snapshot,
  );
}

/** Whether calls are answered now: connected, and no password change is due first. */
export function useOnline(): boolean {
  const { state } = useSessionSnapshot();
  return state.phase === "online" && !state.principal.mustChangePassword;
}
