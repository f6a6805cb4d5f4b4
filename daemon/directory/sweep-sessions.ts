import type { Entry } from "../../protocol/index.ts";
import type { SessionRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import type { Context } from "./context.ts";
import { after, idleMsOf, sessionEnd, sessionEndAt } from "./lifetime.ts";
import { endSession } from "./sessions.ts";
import { AT_ONCE, BATCH, type Chore, Earliest, SYSTEM } from "./sweep.ts";

/** Sessions end when they were idle for long, and at their absolute end. */
export function createSessionChore({ store, sessionLengths }: Context): Chore {
  return {
    async run(now) {
      const next = new Earliest();
      const endOf = sessionEndAt(now);
      /** The least recent use of those that may be idle as long: it ends first, and only its end is reckoned. */
      const firstUses = new Map<number, string>();
      const sessions = await store.scanSessions({
        matches: (session, usage) => {
          if (endOf(session, usage)) return true;
          next.add(session.expiresAt);
          const lastUsedAt = usage?.lastUsedAt ?? session.createdAt;
          const idleMs = idleMsOf(session);
          const first = firstUses.get(idleMs);
          if (first === undefined || lastUsedAt < first) firstUses.set(idleMs, lastUsedAt);
          return false;
        },
        limit: BATCH,
      });
      for (const [idleMs, lastUsedAt] of firstUses) next.add(after(lastUsedAt, idleMs));
      if (sessions.length === 0) return next.instant;
      await store.transaction(SYSTEM, (tx) => closeSessions(tx, sessions));
      return AT_ONCE;
    },

    endsIn({ type, at }: Entry) {
      if (type !== "session.created") return [];
      return [after(at, Math.min(sessionLengths.idle, sessionLengths.absolute))];
    },
  };
}

async function closeSessions(tx: Transaction, sessions: readonly SessionRecord[]): Promise<void> {
  for (const { id } of sessions) {
    const session = await tx.session(id);
    const user = session && (await tx.user(session.userId));
    const reason = session && sessionEnd(session, await tx.usage(id), tx.at);
    if (session && user && reason) endSession(tx, session, user, reason);
  }
}
