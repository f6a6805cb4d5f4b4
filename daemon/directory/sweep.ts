import type { Actor, Entry } from "../../protocol/index.ts";
import type { KeyRecord, SessionRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import type { Context } from "./context.ts";
import { after, idleEnd, isLive, keyEnd, type SessionLengths, sessionEnd } from "./lifetime.ts";
import { endSession } from "./sessions.ts";
import { keySubject } from "./subjects.ts";

const SYSTEM: Actor = { kind: "system", id: null, name: null, address: null };
/** Ended at most in one transaction, so that other changes need not wait long. */
const BATCH = 100;
const AT_ONCE = "";
const NEVER = "~";

/**
 * Journals what time has ended: an ended key or session stays ended, whatever the clock does, and subscribers hear
 * of it. Access never waits for this; it judges by the clock itself. Keys and sessions are looked through only once
 * the earliest of their ends has come.
 */
export function createSweep({ store, keyView, sessionLengths }: Context): (now: string) => Promise<void> {
  /** Nothing ends before this instant. */
  let due = AT_ONCE;

  function lower(end: string | null | undefined): void {
    if (end && end < due) due = end;
  }

  store.onEntries((entries) => {
    for (const entry of entries) for (const end of endsIn(entry, sessionLengths)) lower(end);
  });

  async function endKeys(now: string): Promise<void> {
    const { items } = await store.queryKeys({
      matches: (key) => {
        if (!mayExpire(key)) return false;
        const ended = !isLive(key, now);
        if (!ended) lower(keyEnd(key));
        return ended;
      },
      offset: 0,
      limit: BATCH,
    });
    if (items.length === 0) return;
    await store.transaction(SYSTEM, (tx) => expireKeys(tx, items));
    due = AT_ONCE;
  }

  async function expireKeys(tx: Transaction, keys: readonly KeyRecord[]): Promise<void> {
    for (const { id } of keys) {
      const key = await tx.key(id);
      if (!key || !mayExpire(key) || isLive(key, tx.at)) continue;
      const expired = { ...key, expiredAt: tx.at };
      tx.put("keys", expired);
      tx.entry("key.expired", keySubject(expired), { key: await keyView(tx, expired, tx.at) });
    }
  }

  async function endIdleAndOld(now: string): Promise<void> {
    const { items } = await store.querySessions({
      matches: (session, usage) => {
        if (sessionEnd(session, usage, now)) return true;
        lower(session.expiresAt);
        lower(idleEnd(session, usage));
        return false;
      },
      offset: 0,
      limit: BATCH,
    });
    if (items.length === 0) return;
    await store.transaction(SYSTEM, (tx) => closeSessions(tx, items));
    due = AT_ONCE;
  }

  return async (now) => {
    if (now < due) return;
    due = NEVER;
    try {
      await endKeys(now);
      await endIdleAndOld(now);
    } catch (error) {
      due = AT_ONCE;
      throw error;
    }
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

function mayExpire({ revokedAt, expiredAt }: KeyRecord): boolean {
  return revokedAt === null && expiredAt === null;
}

/** The ends that an entry tells of something new or changed. */
function endsIn({ type, at, data }: Entry, lengths: SessionLengths): (string | null | undefined)[] {
  if (type === "session.created") return [after(at, Math.min(lengths.idle, lengths.absolute))];
  if (!type.startsWith("key.")) return [];
  const { key, previous } = data as { [of in "key" | "previous"]?: Partial<KeyRecord> };
  return [key?.expiresAt, previous?.graceUntil];
}
