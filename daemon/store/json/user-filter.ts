import type { LockoutRecord, UserRecord } from "../records.ts";
import type { UserQuery } from "../store.ts";
import type { Views } from "./collections.ts";
import type { RoleSets } from "./role-sets.ts";
import type { Row } from "./user-rows.ts";

type Test = (row: Row) => boolean;

/**
 * What a row must pass, the cheapest first. `text` and `deleted` are no part of it: the one is searched for all rows
 * at once, and deleted users are listed apart.
 */
export function testsOf(filter: UserQuery["filter"], views: Views, roleSets: RoleSets, now: string): Test[] {
  const { username, roles, active, type, mustChangePassword, hasPassword } = filter;
  const { createdAfter, createdBefore, lastLoginBefore, locked, listed, says } = filter;
  const [lockouts, presence] = [views.view("lockouts"), views.view("presence")];
  const tests: Test[] = [];
  if (username !== undefined) tests.push((row) => row.username === username);
  if (roles !== undefined) {
    const having = roleSets.having(roles);
    tests.push(({ roleSet }) => having[roleSet] === true);
  }
  if (active !== undefined) tests.push(({ user }) => user.active === active);
  if (listed) tests.push(({ user }) => isListed(user, now));
  if (type !== undefined) tests.push(({ user }) => user.type === type);
  if (mustChangePassword !== undefined) {
    tests.push(({ user }) => user.mustChangePassword === mustChangePassword);
  }
  if (hasPassword !== undefined) tests.push(({ user }) => (user.passwordHash !== null) === hasPassword);
  if (createdAfter !== undefined) tests.push((row) => row.createdAt > createdAfter);
  if (createdBefore !== undefined) tests.push((row) => row.createdAt < createdBefore);
  if (lastLoginBefore !== undefined) tests.push((row) => row.lastLoginAt < lastLoginBefore);
  if (locked !== undefined) tests.push(({ user }) => isLocked(lockouts.get(user.id), now) === locked);
  if (says !== undefined) tests.push(({ user }) => says(presence.get(user.id)));
  return tests;
}

function isListed({ presence, active, validUntil, expiredAt }: UserRecord, now: string): boolean {
  return presence && active && expiredAt === undefined && (validUntil === null || validUntil > now);
}

function isLocked(lockout: LockoutRecord | undefined, now: string): boolean {
  return lockout !== undefined && lockout.until > now;
}
