import fc from "fast-check";
import { expect, test } from "vitest";
import { Tables } from "../../../../daemon/store/json/table.ts";
import { UserLists } from "../../../../daemon/store/json/user-lists.ts";
import type { UserRecord } from "../../../../daemon/store/records.ts";
import type { UserQuery } from "../../../../daemon/store/store.ts";
import { user } from "./fixtures.ts";

const times = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z"];
const now = times[1] ?? "";
const time = fc.constantFrom(...times);
const name = fc.constantFrom("", "Ada", "ada b", "Änne", "ANNE", "Bo\u0308rn", "Zoë", "井上", "İlker");

const record: fc.Arbitrary<UserRecord> = fc
  .record({
    id: fc.integer({ min: 0, max: 30 }).map(String),
    fullName: name,
    roles: fc.subarray(["admin", "viewer"]),
    active: fc.boolean(),
    type: fc.constantFrom("normal" as const, "service" as const),
    mustChangePassword: fc.boolean(),
    passwordHash: fc.option(fc.constant("hash")),
    presence: fc.boolean(),
    validUntil: fc.option(time),
    lastLoginAt: fc.option(time),
    createdAt: time,
    updatedAt: time,
    deletedAt: fc.option(time, { freq: 4 }),
    renamed: fc.boolean(),
  })
  .map(({ renamed, ...over }) =>
    user(over.id, { ...over, username: `${renamed ? "new" : "old"}-${over.id}` }),
  );

const filter = fc.record(
  {
    text: fc.constantFrom("ADA", "ä", "a", "old-1", "new", "björn", "", "i", "-\n"),
    username: fc.constantFrom("old-1", "new-2"),
    roles: fc.subarray(["admin", "viewer"]),
    active: fc.boolean(),
    type: fc.constantFrom("normal" as const, "service" as const),
    locked: fc.boolean(),
    listed: fc.constant(true as const),
    deleted: fc.boolean(),
    mustChangePassword: fc.boolean(),
    hasPassword: fc.boolean(),
    createdAfter: time,
    createdBefore: time,
    lastLoginBefore: time,
  },
  { requiredKeys: [] },
);

const query: fc.Arbitrary<UserQuery> = fc.record(
  {
    filter: fc.oneof(fc.constant({}), filter),
    sort: fc.record({
      by: fc.constantFrom("username", "fullName", "createdAt", "updatedAt", "lastLoginAt"),
      order: fc.constantFrom("asc", "desc"),
    }),
    offset: fc.integer({ min: 0, max: 12 }),
    limit: fc.integer({ min: 1, max: 12 }),
    around: fc.integer({ min: 0, max: 30 }).map(String),
    now: fc.constant(now),
  },
  { requiredKeys: ["filter", "sort", "offset", "limit", "now"] },
);

const fold = (text: string): string => text.normalize("NFC").toLowerCase();

/** What a list must answer, the slow and obvious way. */
function naive(users: UserRecord[], locked: Set<string>, { filter, sort, offset, limit, around }: UserQuery) {
  const passes = (one: UserRecord): boolean =>
    (one.deletedAt !== null) === (filter.deleted ?? false) &&
    (filter.text === undefined ||
      [one.username, one.fullName].some((t) => fold(t).includes(fold(filter.text ?? "")))) &&
    (filter.username === undefined || one.username === filter.username) &&
    (filter.roles ?? []).every((role) => one.roles.includes(role)) &&
    (filter.active === undefined || one.active === filter.active) &&
    (filter.type === undefined || one.type === filter.type) &&
    (filter.locked === undefined || locked.has(one.id) === filter.locked) &&
    (!filter.listed || (one.presence && one.active && (one.validUntil === null || one.validUntil > now))) &&
    (filter.mustChangePassword === undefined || one.mustChangePassword === filter.mustChangePassword) &&
    (filter.hasPassword === undefined || (one.passwordHash !== null) === filter.hasPassword) &&
    (filter.createdAfter === undefined || one.createdAt > filter.createdAfter) &&
    (filter.createdBefore === undefined || one.createdAt < filter.createdBefore) &&
    (filter.lastLoginBefore === undefined || (one.lastLoginAt ?? "") < filter.lastLoginBefore);
  const text = (one: UserRecord): string =>
    sort.by === "fullName" ? fold(one.fullName) : (one[sort.by] ?? "");
  const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
  const sign = sort.order === "desc" ? -1 : 1;
  const sorted = users
    .filter(passes)
    .sort((a, b) =>
      sort.by === "username"
        ? sign * compare(a.username, b.username)
        : sign * compare(text(a), text(b)) || compare(a.username, b.username),
    );
  const index = sorted.findIndex(({ id }) => id === around);
  const start = index < 0 ? offset : index - (index % limit);
  return { items: sorted.slice(start, start + limit), total: sorted.length, offset: start };
}

function naiveAfter(users: UserRecord[], after: string, limit: number): UserRecord[] {
  const live = users.filter(({ id, deletedAt }) => deletedAt === null && id > after);
  return live.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
}

test("lists are what filtering and sorting all users would give, whatever was put and deleted before", () => {
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 30 }),
      fc.array(fc.oneof(record, fc.integer({ min: 0, max: 30 }).map(String)), { maxLength: 60 }),
      fc.array(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 5 }),
      fc.array(query, { minLength: 1, maxLength: 10 }),
      (initial, steps, lockedIds, queries) => {
        const users = new Map(initial.map((one) => [one.id, one]));
        const tables = new Tables();
        lockedIds.forEach((id, at) => {
          const until = times[at % 2 === 0 ? 2 : 0] ?? "";
          tables.apply(["put", "lockouts", { id, failures: 9, until }]);
        });
        const locked = new Set(
          tables
            .view("lockouts")
            .all()
            .filter(({ until }) => until > now)
            .map(({ id }) => id),
        );
        const lists = new UserLists([...users.values()], tables.view("lockouts"));
        for (const step of steps) {
          if (typeof step === "string") {
            users.delete(step);
            lists.delete(step);
          } else {
            users.set(step.id, step);
            lists.put(step);
          }
        }
        for (const asked of queries) {
          expect(lists.query(asked)).toEqual(naive([...users.values()], locked, asked));
          const { around = "", limit } = asked;
          expect(lists.after(around, limit)).toEqual(naiveAfter([...users.values()], around, limit));
        }
      },
    ),
    { numRuns: 150 },
  );
});

test("lists of thousands stay in order through many changes", () => {
  const number = (index: number): string => `${(index * 7919) % 5000}`.padStart(4, "0");
  const users = Array.from({ length: 5000 }, (_, index) =>
    user(number(index), { updatedAt: `2026-01-01T00:00:${number(index).slice(2)}.000Z` }),
  );
  const tables = new Tables();
  const lists = new UserLists(users.slice(0, 100), tables.view("lockouts"));
  for (const one of users) lists.put(one);
  for (const one of users.slice(0, 4000)) lists.put({ ...one, updatedAt: now });
  for (const one of users.slice(4500)) lists.delete(one.id);
  const kept = [
    ...users.slice(0, 4000).map((one) => ({ ...one, updatedAt: now })),
    ...users.slice(4000, 4500),
  ];
  for (const order of ["asc", "desc"] as const) {
    for (const offset of [0, 490, 3990, 4490]) {
      const asked: UserQuery = { filter: {}, sort: { by: "updatedAt", order }, offset, limit: 30, now };
      expect(lists.query(asked)).toEqual(naive(kept, new Set(), asked));
    }
  }
});
