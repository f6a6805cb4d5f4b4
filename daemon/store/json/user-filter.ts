import type { LockoutRecord } from "../records.ts";
import type { UserQuery } from "../store.ts";
import type { View } from "./collections.ts";
import { foldCase, type Row } from "./user-orders.ts";

type Test = (row: Row) => boolean;

/** What a row must pass; null when every row does. `deleted` is no part of it: deleted users are listed apart. */
export function matcher(
  filter: UserQuery["filter"],
  lockouts: View<LockoutRecord>,
  now: string,
): Test | null {
  const tests = testsOf(filter, lockouts, now);
  const [first, ...others] = tests;
  if (!first) return null;
  return others.length === 0 ? first : (row) => tests.every((test) => test(row));
}

/** The cheapest and most selective first. */
function testsOf(filter: UserQuery["filter"], lockouts: View<LockoutRecord>, now: string): Test[] {
  const { username, roles, active, type, mustChangePassword, hasPassword } = filter;
  const { createdAfter, createdBefore, lastLoginBefore, locked, text } = filter;
  const tests: Test[] = [];
  if (username !== undefined) tests.push(({ user }) => user.username === username);
  if (active !== undefined) tests.push(({ user }) => user.active === active);
  if (type !== undefined) tests.push(({ user }) => user.type === type);
  if (mustChangePassword !== undefined) {
    tests.push(({ user }) => user.mustChangePassword === mustChangePassword);
  }
  if (hasPassword !== undefined) tests.push(({ user }) => (user.passwordHash !== null) === hasPassword);
  if (createdAfter !== undefined) tests.push(({ user }) => user.createdAt > createdAfter);
  if (createdBefore !== undefined) tests.push(({ user }) => user.createdAt < createdBefore);
  if (lastLoginBefore !== undefined) {
    tests.push(({ user }) => user.lastLoginAt === null || user.lastLoginAt < lastLoginBefore);
  }
  if (roles !== undefined) tests.push(({ user }) => roles.every((role) => user.roles.includes(role)));
  if (locked !== undefined) {
    tests.push(({ user }) => (lockouts.get(user.id)?.until ?? "") > now === locked);
  }
  if (text) tests.push(textTest(text));
  return tests;
}

function textTest(text: string): Test {
  const sought = foldCase(text);
  // A row's text has two lines; what is sought stands in one of them.
  if (sought.includes("\n")) return () => false;
  return (row) => row.text.includes(sought);
}
