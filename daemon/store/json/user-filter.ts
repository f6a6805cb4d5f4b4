import type { LockoutRecord } from "../records.ts";
import type { UserQuery } from "../store.ts";
import type { Views } from "./collections.ts";
import type { UserKind } from "./user-kinds.ts";
import type { Row } from "./user-rows.ts";

type Filter = UserQuery["filter"];
type RowTest = (row: Row) => boolean;
type KindTest = (kind: UserKind) => boolean;

/** What a user must pass by its kind. Of `listed` this is only the part that time has no say in. */
export function kindTestOf(filter: Filter): KindTest {
  const { roles, active, type, mustChangePassword, hasPassword, listed, deleted = false } = filter;
  const tests: KindTest[] = [(kind) => kind.deleted === deleted];
  if (active !== undefined) tests.push((kind) => kind.active === active);
  if (type !== undefined) tests.push((kind) => kind.type === type);
  if (mustChangePassword !== undefined) tests.push((kind) => kind.mustChangePassword === mustChangePassword);
  if (hasPassword !== undefined) tests.push((kind) => kind.hasPassword === hasPassword);
  if (listed) tests.push((kind) => kind.listed);
  if (roles !== undefined) tests.push((kind) => roles.every((role) => kind.roles.includes(role)));
  return (kind) => tests.every((test) => test(kind));
}

/** What a row must pass besides, the cheapest first. `text` is no part of it: it is searched for all rows at once. */
export function rowTestsOf(filter: Filter, views: Views, now: string): RowTest[] {
  const { username, createdAfter, createdBefore, lastLoginBefore, locked, says } = filter;
  const [lockouts, presence] = [views.view("lockouts"), views.view("presence")];
  const tests: RowTest[] = [];
  if (username !== undefined) tests.push((row) => row.username === username);
  if (createdAfter !== undefined) tests.push((row) => row.createdAt > createdAfter);
  if (createdBefore !== undefined) tests.push((row) => row.createdAt < createdBefore);
  if (lastLoginBefore !== undefined) tests.push((row) => row.lastLoginAt < lastLoginBefore);
  if (locked !== undefined) tests.push(({ user }) => isLocked(lockouts.get(user.id), now) === locked);
  if (says !== undefined) tests.push(({ user }) => says(presence.get(user.id)));
  return tests;
}

function isLocked(lockout: LockoutRecord | undefined, now: string): boolean {
  return lockout !== undefined && lockout.until > now;
}
