import type { SessionRecord, UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import { newId } from "./ids.ts";
import { after, SESSION_ABSOLUTE_MS, type SessionEnd } from "./lifetime.ts";
import { issueSecret } from "./secrets.ts";
import { sessionSubject } from "./subjects.ts";
import { sessionView } from "./views.ts";

/** Why a session ended, as `session.ended` says it. */
export type EndReason =
  | SessionEnd
  | "logout"
  | "superseded"
  | "passwordChanged"
  | "passwordReset"
  | "userDisabled"
  | "userDeleted";

const MOST_PER_USER = 100;

export interface NewSession {
  session: SessionRecord;
  /** Leaves the daemon once. */
  token: string;
}

/** Begins a session; past 100 of a user's, the one that was idle longest ends. */
export async function openSession(
  tx: Transaction,
  user: UserRecord,
  from: { address: string | null; client: string | null },
): Promise<NewSession> {
  await makeRoom(tx, user);
  const { secret, lookup, hash } = issueSecret("rs");
  const session: SessionRecord = {
    id: newId(tx.at),
    userId: user.id,
    lookup,
    hash,
    createdAt: tx.at,
    expiresAt: after(tx.at, SESSION_ABSOLUTE_MS),
    reauthenticatedAt: tx.at,
    address: from.address,
    client: from.client,
  };
  tx.put("sessions", session);
  tx.entry("session.created", sessionSubject(session, user), { session: sessionView(session, user) });
  return { session, token: secret };
}

/** Ends the user's sessions, all but the one to keep. */
export async function endSessions(
  tx: Transaction,
  user: UserRecord,
  reason: EndReason,
  keepId?: string,
): Promise<void> {
  for (const session of await tx.sessionsOf(user.id)) {
    if (session.id !== keepId) endSession(tx, session, user, reason);
  }
}

export function endSession(
  tx: Transaction,
  session: SessionRecord,
  user: UserRecord,
  reason: EndReason,
): void {
  tx.delete("sessions", session.id);
  tx.delete("usage", session.id);
  tx.entry("session.ended", sessionSubject(session, user), { session: sessionView(session, user), reason });
}

async function makeRoom(tx: Transaction, user: UserRecord): Promise<void> {
  const sessions = await tx.sessionsOf(user.id);
  if (sessions.length < MOST_PER_USER) return;
  const withUse: { session: SessionRecord; lastUsedAt: string }[] = [];
  for (const session of sessions) {
    withUse.push({ session, lastUsedAt: (await tx.usage(session.id))?.lastUsedAt ?? session.createdAt });
  }
  const [idlest] = withUse.sort((a, b) => (a.lastUsedAt < b.lastUsedAt ? -1 : 1));
  if (idlest) endSession(tx, idlest.session, user, "superseded");
}
