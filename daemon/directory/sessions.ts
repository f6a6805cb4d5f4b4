import type { SessionRecord, UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import type { Context } from "./context.ts";
import { newId } from "./ids.ts";
import { after, type SessionEnd } from "./lifetime.ts";
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

export interface NewSession {
  session: SessionRecord;
  /** Leaves the daemon once. */
  token: string;
}

/** Begins a session; past the most that a user may have, the one that was idle longest ends. */
export async function openSession(
  { limits, sessionLengths }: Pick<Context, "limits" | "sessionLengths">,
  tx: Transaction,
  user: UserRecord,
  from: { address: string | null; client: string | null },
): Promise<NewSession> {
  await makeRoom(tx, user, limits.sessionsPerUser);
  const { secret, lookup, hash } = issueSecret("rs");
  const session: SessionRecord = {
    id: newId(tx.at),
    userId: user.id,
    lookup,
    hash,
    createdAt: tx.at,
    expiresAt: after(tx.at, sessionLengths.absolute),
    idleMs: sessionLengths.idle,
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

async function makeRoom(tx: Transaction, user: UserRecord, most: number): Promise<void> {
  const sessions = await tx.sessionsOf(user.id);
  if (sessions.length < most) return;
  const withUse: { session: SessionRecord; lastUsedAt: string }[] = [];
  for (const session of sessions) {
    withUse.push({ session, lastUsedAt: (await tx.usage(session.id))?.lastUsedAt ?? session.createdAt });
  }
  const [idlest] = withUse.sort((a, b) => (a.lastUsedAt < b.lastUsedAt ? -1 : 1));
  if (idlest) endSession(tx, idlest.session, user, "superseded");
}
