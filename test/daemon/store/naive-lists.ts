import fc from "fast-check";
import type { UserRecord } from "../../../daemon/store/records.ts";
import type { UserQuery } from "../../../daemon/store/store.ts";
import { user } from "./records.ts";

export const times = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z"];
const time = fc.constantFrom(...times);
const name = fc.constantFrom("", "Ada", "ada b", "Änne", "ANNE", "Bo\u0308rn", "Zoë", "井上", "İlker");

/** Of users' lines on the presence board; undefined: there is none any more. */
export const status = fc.constantFrom("In", "Out", undefined);

export const record: fc.Arbitrary<UserRecord> = fc
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
    expiredAt: fc.option(time, { nil: undefined, freq: 2 }),
    lastLoginAt: fc.option(time),
    createdAt: time,
    updatedAt: time,
    deletedAt: fc.option(time, { freq: 4 }),
    renamed: fc.boolean(),
  })
  .map(({ renamed, ...over }) =>
    user(over.id, { ...over, username: `${renamed ? "new" : "old"}-${over.id}` }),
  );

const text = fc.constantFrom("ADA", "ä", "a", "old-1", "new", "björn", "", "i", "-\n");

const terms = {
  text,
  username: fc.constantFrom("old-1", "new-2"),
  roles: fc.subarray(["admin", "viewer"]),
  active: fc.boolean(),
  type: fc.constantFrom("normal" as const, "service" as const),
  locked: fc.boolean(),
  listed: fc.constant(true as const),
  says: fc.constantFrom(
    (status: string | null) => status === "Out",
    (status: string | null) => status !== "Out",
  ),
  deleted: fc.boolean(),
  mustChangePassword: fc.boolean(),
  hasPassword: fc.boolean(),
  createdAfter: time,
  createdBefore: time,
  lastLoginBefore: time,
};

/** One term finds some users, all of them together hardly any. */
const filter: fc.Arbitrary<UserQuery["filter"]> = fc.oneof(
  fc.constant({}),
  ...Object.entries(terms).map(([term, value]) => fc.record({ [term]: value as fc.Arbitrary<unknown> })),
  fc.record(terms, { requiredKeys: [] }),
);

export const query: fc.Arbitrary<UserQuery> = fc.record(
  {
    filter,
    sort: fc.record({
      by: fc.constantFrom("username", "fullName", "createdAt", "updatedAt", "lastLoginAt"),
      order: fc.constantFrom("asc", "desc"),
    }),
    offset: fc.integer({ min: 0, max: 12 }),
    limit: fc.integer({ min: 1, max: 12 }),
    around: fc.integer({ min: 0, max: 30 }).map(String),
    now: time,
  },
  { requiredKeys: ["filter", "sort", "offset", "limit", "now"] },
);

const fold = (text: string): string => text.normalize("NFC").toLowerCase();

/** What is kept of users elsewhere, by their ids. */
export interface Elsewhere {
  lockedUntil: ReadonlyMap<string, string>;
  statuses: ReadonlyMap<string, string>;
}

/** What a list must answer, the slow and obvious way. */
export function naive(
  users: UserRecord[],
  { lockedUntil, statuses }: Elsewhere,
  { filter, sort, offset, limit, around, now }: UserQuery,
) {
  const passes = (one: UserRecord): boolean =>
    (one.deletedAt !== null) === (filter.deleted ?? false) &&
    (filter.text === undefined ||
      [one.username, one.fullName].some((t) => fold(t).includes(fold(filter.text ?? "")))) &&
    (filter.username === undefined || one.username === filter.username) &&
    (filter.roles ?? []).every((role) => one.roles.includes(role)) &&
    (filter.active === undefined || one.active === filter.active) &&
    (filter.type === undefined || one.type === filter.type) &&
    (filter.locked === undefined || (lockedUntil.get(one.id) ?? "") > now === filter.locked) &&
    (filter.says?.(statuses.get(one.id) ?? null) ?? true) &&
    (!filter.listed ||
      (one.presence &&
        one.deletedAt === null &&
        one.active &&
        one.expiredAt === undefined &&
        (one.validUntil === null || one.validUntil > now))) &&
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

export function naiveAfter(users: UserRecord[], after: string, limit: number): UserRecord[] {
  const live = users.filter(({ id, deletedAt }) => deletedAt === null && id > after);
  return live.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
}
