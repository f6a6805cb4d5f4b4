import type { Entry } from "../../protocol/index.ts";
import type { SessionRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import type { Context } from "./context.ts";
import { after, sessionEnd } from "./lifetime.ts";
import { SessionEnds } from "./session-ends.ts";
import { endSession } from "./sessions.ts";
import { AT_ONCE, BATCH, type Chore, SYSTEM } from "./sweep.ts";

/** Sessions end when they were idle for long, and at their absolute end. */
export function createSessionChore({ store, sessionLengths }: Context): Chore {
  return {
    async run(now) {
      const ends = new SessionEnds(now);
      const sessions = await store.scanSessions({
        matches: (session, usage) => ends.of(session, usage) !== undefined,
        limit: BATCH,
      });
      if (sessions.length === 0) return ends.next;
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
