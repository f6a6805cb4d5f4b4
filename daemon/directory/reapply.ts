import type { EventType } from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Reader, Store, Transaction } from "../store/store.ts";
import type { Lockout } from "./lockout.ts";
import { reapplyToKeys } from "./reapply-keys.ts";
import { endSessions } from "./sessions.ts";
import { userSubject } from "./subjects.ts";
import { type KeyView, userView } from "./views.ts";

/** The data that a restored backup took the place of. */
export interface SetAside {
  records: Pick<Reader, "user" | "key">;
  /** Whether it goes on from the backup's very end: what it does not hold was removed after the backup. */
  continues: boolean;
}

export interface ReapplyParts {
  store: Store;
  /** Null: it could not be read, or there was none. */
  aside: SetAside | null;
  /** Keys stay though nobody can tell which of them were revoked after the backup. */
  keepKeys: boolean;
  lockout: Lockout;
  keyView: KeyView;
}

/** How often each thing was done to a restored directory. */
export interface Reapplied {
  sessionsEnded: number;
  passwordsChanged: number;
  usersDisabled: number;
  usersDeleted: number;
  endsBroughtForward: number;
  keysRevoked: number;
  keysNarrowed: number;
}

/**
 * Makes a restored directory safe: ends all sessions, and does again what was done to users and keys after the backup
 * and took something from them. What gave them something is not done again. Where the set-aside data cannot tell which
 * keys were revoked, all are.
 */
export async function reapply(tx: Transaction, parts: ReapplyParts): Promise<Reapplied> {
  const done: Reapplied = {
    sessionsEnded: 0,
    passwordsChanged: 0,
    usersDisabled: 0,
    usersDeleted: 0,
    endsBroughtForward: 0,
    keysRevoked: 0,
    keysNarrowed: 0,
  };
  const users = await parts.store.scanUsers({ matches: () => true, limit: Number.POSITIVE_INFINITY });
  for (const user of users) {
    done.sessionsEnded += await endSessions(tx, user, "restored");
    const now = await reapplyToUser(tx, parts, user, done);
    await reapplyToKeys(tx, parts, now, done);
  }
  return done;
}

/** One thing that was done to a user after the backup. */
interface Step {
  type: EventType;
  over: Partial<UserRecord>;
  count: keyof Reapplied;
}

async function reapplyToUser(
  tx: Transaction,
  { aside, lockout }: ReapplyParts,
  user: UserRecord,
  done: Reapplied,
): Promise<UserRecord> {
  const later = await aside?.records.user(user.id);
  const isNewer = aside?.continues || (later !== undefined && later.updatedAt > user.updatedAt);
  if (!isNewer || user.deletedAt !== null) return user;
  let now = user;
  for (const { type, over, count } of stepsTo(later, user, tx.at)) {
    now = { ...now, ...over, updatedAt: tx.at, revision: now.revision + 1 };
    tx.put("users", now);
    const changed = type === "user.updated" && { changed: Object.keys(over) };
    tx.entry(type, userSubject(now), { user: await userView(tx, now, tx.at), ...changed });
    done[count] += 1;
  }
  if (now.deletedAt !== null) tx.delete("presence", now.id);
  if (now !== user) await lockout.clear(tx, now);
  return now;
}

/** From the user as in the backup to the `later` one, who is gone if undefined. */
function* stepsTo(later: UserRecord | undefined, user: UserRecord, at: string): Generator<Step> {
  if (later && later.passwordChangedAt !== user.passwordChangedAt) {
    const { passwordHash, passwordChangedAt, mustChangePassword } = later;
    yield {
      type: "user.passwordChanged",
      over: { passwordHash, passwordChangedAt, mustChangePassword },
      count: "passwordsChanged",
    };
  }
  if (
    later &&
    later.validUntil !== null &&
    (user.validUntil === null || later.validUntil < user.validUntil)
  ) {
    yield { type: "user.updated", over: { validUntil: later.validUntil }, count: "endsBroughtForward" };
  }
  if (later && !later.active && user.active) {
    yield { type: "user.disabled", over: { active: false }, count: "usersDisabled" };
  }
  if (!later || later.deletedAt !== null) {
    yield { type: "user.deleted", over: { deletedAt: at }, count: "usersDeleted" };
  }
}
