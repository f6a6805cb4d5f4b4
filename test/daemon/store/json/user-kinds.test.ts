import { expect, test } from "vitest";
import { finish } from "../../../../daemon/store/json/idle-work.ts";
import { Rows } from "../../../../daemon/store/json/rows.ts";
import { type UserKind, UserKinds } from "../../../../daemon/store/json/user-kinds.ts";
import { rowOf } from "../../../../daemon/store/json/user-rows.ts";
import type { UserRecord } from "../../../../daemon/store/records.ts";
import { user } from "./fixtures.ts";

const people: Partial<UserRecord>[] = [
  { roles: ["a", "b"] },
  { roles: ["a b"], presence: false },
  { roles: ["a", "b"], active: false },
  { roles: ["a", "b"], type: "service" },
  { roles: ["a", "b"], mustChangePassword: true, validUntil: "2026-01-02T00:00:00.000Z" },
  { roles: ["a", "b"], passwordHash: "hash", expiredAt: "2026-01-02T00:00:00.000Z" },
  { roles: ["a", "b"], deletedAt: "2026-01-02T00:00:00.000Z" },
  { roles: ["a", "b"], fullName: "Another" },
];

function keep() {
  const statuses = new Map([["1", "Out"]]);
  const rows = new Rows(people.map((over, at) => rowOf(user(`${at}`, over))).values());
  const kinds = new UserKinds(rows, (id) => statuses.get(id) ?? null);
  finish(rows);
  finish(kinds.work);
  const found = (test: (kind: UserKind) => boolean): number[] => {
    const passing = kinds.passing(test);
    const found = new Uint32Array(people.length + 1);
    const count = passing.gather([...people.keys(), people.length], found, 0);
    expect(passing.count).toBe(count);
    return [...found.subarray(0, count)];
  };
  return { kinds, found };
}

test("users are found and counted by what they have in common", () => {
  const { found } = keep();
  expect(found(({ active }) => !active)).toEqual([2]);
  expect(found(({ roles }) => roles.includes("b"))).toEqual([0, 2, 3, 4, 5, 6, 7]);
  expect(found(({ type }) => type === "service")).toEqual([3]);
  expect(found(({ mustChangePassword }) => mustChangePassword)).toEqual([4]);
  expect(found(({ hasPassword }) => hasPassword)).toEqual([5]);
  expect(found(({ deleted }) => deleted)).toEqual([6]);
  expect(found(({ status }) => status === "Out")).toEqual([1]);
  expect(found(({ listed }) => listed)).toEqual([0, 3, 4, 7]);
});

test("a test is made for each kind, not for each user", () => {
  const { found } = keep();
  let tests = 0;
  found(() => {
    tests += 1;
    return true;
  });
  expect(tests).toBe(people.length - 1);
});

test("who changes or goes is counted as what it is now, whoever is there next", () => {
  const { kinds, found } = keep();
  kinds.put(0, rowOf(user("0", { active: false })));
  kinds.remove(2);
  kinds.put(people.length, rowOf(user("8", { active: false })));
  expect(found(({ active }) => !active)).toEqual([0, people.length]);
  kinds.put(2, rowOf(user("9", { active: false })));
  expect(found(({ active }) => !active)).toEqual([0, 2, people.length]);
});
