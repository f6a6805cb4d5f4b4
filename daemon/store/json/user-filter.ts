import type { LockoutRecord } from "../records.ts";
import type { UserQuery } from "../store.ts";
import type { Views } from "./collections.ts";
import type { UserKind, UserKinds } from "./user-kinds.ts";
import type { Row } from "./user-rows.ts";

type Filter = UserQuery["filter"];
type Test = (row: Row) => boolean;
type KindTest = (kind: UserKind) => boolean;

/**
 * What a row must pass, the cheapest first. `text` and `deleted` are no part of it: the one is searched for all rows
 * at once, and deleted users are listed apart.
 */
export function testsOf(filter: Filter, views: Views, kinds: UserKinds, now: string): Test[] {
  const { username, createdAfter, createdBefore, lastLoginBefore, locked, listed, says } = filter;
  const [lockouts, presence] = [views.view("lockouts"), views.view("presence")];
  const tests: Test[] = [];
  if (username !== undefined) tests.push((row) => row.username === username);
  for (const test of kindTestsOf(filter)) {
    const passing = kinds.passing(test);
    tests.push(({ kind }) => passing[kind] === true);
  }
  if (listed) tests.push(({ listedUntil }) => listedUntil > now);
  if (createdAfter !== undefined) tests.push((row) => row.createdAt > createdAfter);
  if (createdBefore !== undefined) tests.push((row) => row.createdAt < createdBefore);
  if (lastLoginBefore !== undefined) tests.push((row) => row.lastLoginAt < lastLoginBefore);
  if (locked !== undefined) tests.push(({ user }) => isLocked(lockouts.get(user.id), now) === locked);
  if (says !== undefined) tests.push(({ user }) => says(presence.get(user.id)));
  return tests;
}

/** What a kind must pass, as for rows. */
function kindTestsOf({ roles, active, type, mustChangePassword, hasPassword }: Filter): KindTest[] {
  const tests: KindTest[] = [];
  if (active !== undefined) tests.push((kind) => kind.active === active);
  if (type !== undefined) tests.push((kind) => kind.type === type);
  if (mustChangePassword !== undefined) tests.push((kind) => kind.mustChangePassword === mustChangePassword);
  if (hasPassword !== undefined) tests.push((kind) => kind.hasPassword === hasPassword);
  if (roles !== undefined) tests.push((kind) => roles.every((role) => kind.roles.includes(role)));
  return tests;
}

function isLocked(lockout: LockoutRecord | undefined, now: string): boolean {
  return lockout !== undefined && lockout.until > now;
}
