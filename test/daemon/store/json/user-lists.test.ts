import fc from "fast-check";
import { expect, test } from "vitest";
import { Tables } from "../../../../daemon/store/json/table.ts";
import { UserLists } from "../../../../daemon/store/json/user-lists.ts";
import type { UserQuery } from "../../../../daemon/store/store.ts";
import { naive, naiveAfter, now, query, record, times } from "../naive-lists.ts";
import { user } from "./fixtures.ts";

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
        const lists = new UserLists([...users.values()], tables);
        for (const asked of queries) lists.query(asked);
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
  const lists = new UserLists(users.slice(0, 100), tables);
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
