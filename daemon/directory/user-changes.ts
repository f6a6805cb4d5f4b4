import { refusal, type User, type UserChanges } from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import { assertAdministratorRemains, isDemotion } from "./administrators.ts";
import type { CallerNow } from "./caller.ts";
import { hasPassed } from "./lifetime.ts";
import { endSessions } from "./sessions.ts";
import { userSubject } from "./subjects.ts";
import { changedUserView, userView } from "./views.ts";

/** What an update may change of a record, as it is stored: roles are ids. */
export type RecordChanges = Partial<Pick<UserRecord, keyof UserChanges>>;

/** A user after a change, as stored and as shown. */
export interface ChangedUser {
  user: UserRecord;
  view: User;
}

/**
 * Changes a user's administrative fields and says so; nothing happens where nothing differs.
 * Rank and uniqueness have been checked. Throws 409 `ownAccount` and `lastAdministrator`, then 412.
 */
export async function changeUser(
  tx: Transaction,
  by: CallerNow,
  user: UserRecord,
  changes: RecordChanges,
  ifRevision?: number,
): Promise<ChangedUser> {
  const revives = putsOffEnd(user, changes, tx.at);
  const changed = (Object.keys(changes) as (keyof RecordChanges)[]).filter(
    (field) =>
      changes[field] !== undefined &&
      (!isSame(changes[field], user[field]) || (field === "validUntil" && revives)),
  );
  const next: UserRecord = {
    ...user,
    ...changes,
    ...(revives && { expiredAt: undefined }),
    updatedAt: tx.at,
    revision: user.revision + 1,
  };
  if (user.active && !next.active) assertNotOwnAccount(by, user, "disable");
  if (isDemotion(user, next)) await assertAdministratorRemains(tx, user);
  assertRevision(`User ${user.username}`, user.revision, ifRevision);
  if (changed.length === 0) return { user, view: await userView(tx, user, tx.at) };

  tx.put("users", next);
  const view = await changedUserView(tx, next, tx.at);
  const others = changed.filter((field) => field !== "active");
  if (others.length > 0) {
    tx.entry("user.updated", userSubject(next), { user: view, changed: others.sort() });
  }
  if (next.active !== user.active) {
    const type = next.active ? "user.enabled" : "user.disabled";
    tx.entry(type, userSubject(next), { user: view, changed: ["active"] });
    if (!next.active) await endSessions(tx, next, "userDisabled");
  }
  return { user: next, view };
}

/** An account that has ended comes back by an end that lies in the future, or none; even by the one it had. */
function putsOffEnd({ expiredAt }: UserRecord, { validUntil }: RecordChanges, at: string): boolean {
  return expiredAt !== undefined && validUntil !== undefined && !hasPassed(validUntil, at);
}

/** Throws 409 `ownAccount`: nobody shuts themselves out. */
export function assertNotOwnAccount(by: CallerNow, user: UserRecord, verb: "disable" | "delete"): void {
  if ("user" in by && by.user.id === user.id) {
    throw refusal("ownAccount", `You cannot ${verb} your own account (${user.username})`);
  }
}

/** Throws 412 `revisionMismatch` where the caller expects another revision. */
export function assertRevision(what: string, revision: number, expected: number | undefined): void {
  if (expected === undefined || expected === revision) return;
  throw refusal("revisionMismatch", `${what} has changed: it is at revision ${revision}, not ${expected}`, {
    revision,
  });
}

function isSame(left: unknown, right: unknown): boolean {
  return left === right || (typeof left === "object" && JSON.stringify(left) === JSON.stringify(right));
}
