import type { UserQuery } from "../store.ts";
import type { Views } from "./collections.ts";
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

/** Takes marks of slots away. */
type Unmarking = (marks: Uint8Array) => void;

/** What takes away the marks of users who do not pass what has no part in kinds; but for `text`, which is searched for all at once. */
export function unmarkingsOf(filter: Filter, rows: UserRows, views: Views, now: string): Unmarking[] {
  const { username, createdAfter, createdBefore, lastLoginBefore, locked } = filter;
  const all: Unmarking[] = [];
  const add = (passes: (row: Row) => boolean) => all.push((marks) => rows.unmark(marks, passes));
  if (locked !== undefined) all.push(unmarkingByLock(locked, lockedAt(now, rows, views)));
  if (username !== undefined) add((row) => row.username === username);
  if (createdAfter !== undefined) add((row) => row.createdAt > createdAfter);
  if (createdBefore !== undefined) add((row) => row.createdAt < createdBefore);
  if (lastLoginBefore !== undefined) add((row) => row.lastLoginAt < lastLoginBefore);
  return all;
}

/** By the slots of those who are locked, since they are mostly few. */
function unmarkingByLock(locked: boolean, lockedSlots: readonly number[]): Unmarking {
  return (marks) => {
    const kept = lockedSlots.filter((slot) => marks[slot] === 1);
    if (locked) marks.fill(0);
    for (const slot of kept) marks[slot] = locked ? 1 : 0;
  };
}

function lockedAt(now: string, rows: UserRows, views: Views): number[] {
  const slots: number[] = [];
  for (const { id, until } of views.view("lockouts").all()) {
    const slot = until > now ? rows.slotOf(id) : undefined;
    if (slot !== undefined) slots.push(slot);
  }
  return slots;
}
