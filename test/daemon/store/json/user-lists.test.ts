import fc from "fast-check";
import { expect, test } from "vitest";
import { Tables } from "../../../../daemon/store/json/table.ts";
import { UserLists } from "../../../../daemon/store/json/user-lists.ts";
import type { UserQuery } from "../../../../daemon/store/store.ts";
import { naive, naiveAfter, query, record, status, times } from "../naive-lists.ts";
import { advance, user } from "./fixtures.ts";

const [, now = ""] = times;
const nothing = { lockedUntil: new Map(), statuses: new Map() };
const id = fc.integer({ min: 0, max: 30 }).map(String);
const step = fc.oneof(
  fc.record({ put: record }),
  fc.record({ delete: id }),
  fc.record({ said: id, status }),
  {
    weight: 2,
    arbitrary: fc.record({ idle: fc.nat({ max: 60 }) }),
  },
);
const part = fc.record({ steps: fc.array(step, { maxLength: 20 }), query });

test("lists are what filtering and sorting all users would give, whatever is put and deleted while they are made and after", () => {
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 30 }),
      fc.array(id, { maxLength: 5 }),
      fc.array(part, { minLength: 1, maxLength: 8 }),
      (initial, lockedIds, parts) => {
        const tables = new Tables();
        const users = tables.view("users");
        for (const one of initial) users.put(one);
        lockedIds.forEach((id, at) => {
          const until = times[at % 2 === 0 ? 2 : 0] ?? "";
          tables.apply(["put", "lockouts", { id, failures: 9, until }]);
        });
        const lockouts = tables.view("lockouts").all();
        const lockedUntil = new Map(lockouts.map(({ id, until }) => [id, until]));
        const statuses = () =>
          new Map(
            tables
              .view("presence")
              .all()
              .map(({ id, status }) => [id, status]),
          );
        const say = (id: string, status: string | undefined) => {
          const record = { id, status: status ?? "", message: "", returnAt: null, updatedAt: now };
          tables.apply(status ? ["put", "presence", record] : ["delete", "presence", id]);
        };
        const lists = new UserLists(users.values(), tables);
        const works = [...lists.firstWork(), lists.textWork, ...lists.ordersWork()];
        const compare = (asked: UserQuery) => {
          expect(lists.query(asked)).toEqual(
            naive(users.all(), { lockedUntil, statuses: statuses() }, asked),
          );
          const { around = "", limit } = asked;
          expect(lists.after(around, limit)).toEqual(naiveAfter(users.all(), around, limit));
        };
        for (const { steps, query } of parts) {
          for (const one of steps) {
            if ("idle" in one) {
              advance(works, one.idle);
            } else if ("said" in one) {
              say(one.said, one.status);
              lists.said(one.said);
            } else if ("put" in one) {
              users.put(one.put);
              lists.put(one.put);
            } else {
              users.delete(one.delete);
              lists.delete(one.delete);
            }
          }
          compare(query);
        }
        advance(works, Number.POSITIVE_INFINITY);
        for (const { query } of parts) compare(query);
      },
    ),
    { numRuns: 300 },
  );
});

test("lists of thousands stay in order through many changes", () => {
  const number = (index: number): string => `${(index * 7919) % 5000}`.padStart(4, "0");
  const users = Array.from({ length: 5000 }, (_, index) =>
    user(number(index), {
      updatedAt: `2026-01-01T00:00:${number(index).slice(2)}.000Z`,
      roles: index % 3 === 0 ? ["third"] : [],
    }),
  );
  const tables = new Tables();
  const lists = new UserLists(users.slice(0, 100), tables);
  advance([...lists.firstWork(), lists.textWork, ...lists.ordersWork()], 1000);
  for (const one of users) lists.put(one);
  for (const one of users.slice(0, 4000)) lists.put({ ...one, updatedAt: now });
  for (const one of users.slice(4500)) lists.delete(one.id);
  const kept = [
    ...users.slice(0, 4000).map((one) => ({ ...one, updatedAt: now })),
    ...users.slice(4000, 4500),
  ];
  for (const order of ["asc", "desc"] as const) {
    for (const offset of [0, 490, 3990, 4490]) {
      for (const filter of [{}, { active: true }, { roles: ["third"] }, { text: "3" }]) {
        const asked: UserQuery = { filter, sort: { by: "updatedAt", order }, offset, limit: 30, now };
        expect(lists.query(asked)).toEqual(naive(kept, nothing, asked));
        const around = { ...asked, around: number(offset) };
        expect(lists.query(around)).toEqual(naive(kept, nothing, around));
      }
    }
  }
});
