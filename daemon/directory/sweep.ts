import type { Actor } from "../../protocol/index.ts";
import type { Transaction } from "../store/store.ts";
import type { Context } from "./context.ts";
import { isLive, sessionEnd } from "./lifetime.ts";
import { endSession } from "./sessions.ts";
import { keySubject } from "./subjects.ts";

const SYSTEM: Actor = { kind: "system", id: null, name: null, address: null };
/** Ended at most in one transaction, so that other changes need not wait long. */
const BATCH = 100;

/**
 * Journals what time has ended: an ended key or session stays ended, whatever the clock does, and subscribers hear
 * of it. Access never waits for this; it judges by the clock itself.
 */
export function createSweep({ store, keyView }: Context): (now: string) => Promise<void> {
  async function expireKey(tx: Transaction, id: string): Promise<void> {
    const key = await tx.key(id);
    if (!key || key.revokedAt !== null || key.expiredAt !== null || isLive(key, tx.at)) return;
    const expired = { ...key, expiredAt: tx.at };
    tx.put("keys", expired);
    tx.entry("key.expired", keySubject(expired), { key: await keyView(tx, expired, tx.at) });
  }

  async function closeSession(tx: Transaction, id: string): Promise<void> {
    const session = await tx.session(id);
    const user = session && (await tx.user(session.userId));
    if (!session || !user) return;
    const reason = sessionEnd(session, await tx.usage(id), tx.at);
    if (reason) endSession(tx, session, user, reason);
  }

  async function endAll(
    window: Promise<{ items: readonly { id: string }[]; total: number }>,
    end: (tx: Transaction, id: string) => Promise<void>,
  ): Promise<void> {
    const { items } = await window;
    if (items.length === 0) return;
    await store.transaction(SYSTEM, async (tx) => {
      for (const { id } of items) await end(tx, id);
    });
  }

  return async (now) => {
    const keys = store.queryKeys({
      matches: (key) => key.revokedAt === null && key.expiredAt === null && !isLive(key, now),
      offset: 0,
      limit: BATCH,
    });
    await endAll(keys, expireKey);
    const sessions = store.querySessions({
      matches: (session, usage) => sessionEnd(session, usage, now) !== undefined,
      offset: 0,
      limit: BATCH,
    });
    await endAll(sessions, closeSession);
  };
}
