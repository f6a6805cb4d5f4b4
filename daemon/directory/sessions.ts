import type { Result } from "../../protocol/index.ts";
import type { SessionRecord, UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import type { Call } from "./caller.ts";
import type { Context } from "./context.ts";
import { newId } from "./ids.ts";
import { after, type SessionEnd } from "./lifetime.ts";
import { assertOutranks } from "./rank.ts";
import { issueSecret } from "./secrets.ts";
import { SessionEnds, StretchWithoutEnds } from "./session-ends.ts";
import { sessionSubject } from "./subjects.ts";
import { changeableUser, liveUser, targetSession } from "./targets.ts";
import { listedSessionView, sessionView } from "./views.ts";

/** Why a session ended, as `session.ended` says it. */
export type EndReason =
  | SessionEnd
  | "logout"
  | "revoked"
  | "superseded"
  | "passwordChanged"
  | "passwordReset"
  | "userDisabled"
  | "userExpired"
  | "userDeleted"
  | "restored";

export interface NewSession {
  session: SessionRecord;
  /** Leaves the daemon once. */
  token: string;
}

export function createSessions({ store, sessionLengths }: Context) {
  const stretch = new StretchWithoutEnds(sessionLengths);

  return {
    async list({ params, by }: Call<"sessions.list">): Promise<Result<"sessions.list">> {
      const { offset, limit, text } = params;
      const user = params.allUsers ? undefined : await liveUser(store, by, params.user);
      const ends = new SessionEnds(by.at);
      const allGoOn = stretch.covers(by.at);
      const window = await store.querySessions({
        ...(user && { userId: user.id }),
        ...(text && { text }),
        ...(!allGoOn && { matches: (session, usage) => ends.of(session, usage) === undefined }),
        offset,
        limit,
      });
      if (!allGoOn && !user && !text) stretch.begin(by.at, ends);
      const items = [];
      for (const session of window.items) items.push(await listedSessionView(store, session, by));
      return { items, total: window.total, offset: window.offset, limit };
    },

    revoke({ params, change }: Call<"sessions.revoke">): Promise<Result<"sessions.revoke">> {
      return change(async (tx, by) => {
        const { session, user } = await targetSession(tx, params.id);
        await assertOutranks(tx, by, user);
        endSession(tx, session, user, "revoked");
        return { revoked: 1 };
      });
    },

    revokeAll({ params, change }: Call<"sessions.revokeAll">): Promise<Result<"sessions.revokeAll">> {
      return change(async (tx, by) => {
        const user = await changeableUser(tx, by, params.user);
        const current = by.kind === "session" ? by.session.id : undefined;
        return { revoked: await endSessions(tx, user, "revoked", current) };
      });
    },
  };
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

/** Ends the user's sessions, all but the one to keep, and says how many. */
export async function endSessions(
  tx: Transaction,
  user: UserRecord,
  reason: EndReason,
  keepId?: string,
): Promise<number> {
  const ending = (await tx.sessionsOf(user.id)).filter(({ id }) => id !== keepId);
  for (const session of ending) endSession(tx, session, user, reason);
  return ending.length;
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
