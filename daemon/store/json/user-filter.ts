import type { UserQuery } from "../store.ts";
import type { Views } from "./collections.ts";
import type { Passes } from "./filtered-order.ts";
import type { UserKind } from "./user-kinds.ts";
import type { Row, UserRows } from "./user-rows.ts";

type Filter = UserQuery["filter"];
type KindTest = (kind: UserKind) => boolean;

/** What a user must pass by its kind. Of `listed` this is only the part that time has no say in. */
export function kindTestOf(filter: Filter): KindTest {
  const { roles, active, type, mustChangePassword, hasPassword, listed, says, deleted = false } = filter;
  const tests: KindTest[] = [(kind) => kind.deleted === deleted];
  if (active !== undefined) tests.push((kind) => kind.active === active);
  if (type !== undefined) tests.push((kind) => kind.type === type);
  if (mustChangePassword !== undefined) tests.push((kind) => kind.mustChangePassword === mustChangePassword);
  if (hasPassword !== undefined) tests.push((kind) => kind.hasPassword === hasPassword);
  if (listed) tests.push((kind) => kind.listed);
  if (says !== undefined) tests.push((kind) => says(kind.status));
  if (roles !== undefined) tests.push((kind) => roles.every((role) => kind.roles.includes(role)));
  return (kind) => tests.every((test) => test(kind));
}

/** What a slot in use must pass besides, the cheapest first. `text` is no part of it: it is searched for all at once. */
export function slotTestsOf(filter: Filter, rows: UserRows, views: Views, now: string): Passes[] {
  const { username, createdAfter, createdBefore, lastLoginBefore, locked } = filter;
  const tests: Passes[] = [];
  const addTest = (test: (row: Row) => boolean) => tests.push((slot) => test(rows.row(slot)));
  if (locked !== undefined) {
    const lockedSlots = lockedAt(now, rows, views);
    tests.push((slot) => lockedSlots.has(slot) === locked);
  }
  if (username !== undefined) addTest((row) => row.username === username);
  if (createdAfter !== undefined) addTest((row) => row.createdAt > createdAfter);
  if (createdBefore !== undefined) addTest((row) => row.createdAt < createdBefore);
  if (lastLoginBefore !== undefined) addTest((row) => row.lastLoginAt < lastLoginBefore);
  return tests;
}

/** The slots of those who are locked: mostly few, so that nothing is looked up for all others. */
function lockedAt(now: string, rows: UserRows, views: Views): Set<number> {
  const slots = new Set<number>();
  for (const { id, until } of views.view("lockouts").all()) {
    const slot = until > now ? rows.slotOf(id) : undefined;
    if (slot !== undefined) slots.add(slot);
  }
  return slots;
}
