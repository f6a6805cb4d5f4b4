import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { IdleWork } from "../../../../daemon/store/json/idle-work.ts";
import { Lists } from "../../../../daemon/store/json/lists.ts";
import { Tables } from "../../../../daemon/store/json/table.ts";
import type { UserQuery } from "../../../../daemon/store/store.ts";
import { session } from "../records.ts";
import { key, user } from "./fixtures.ts";

const LATER_MS = 60_000;
const window = { offset: 0, limit: 3 };
const byUsername: UserQuery = {
  ...window,
  filter: {},
  sort: { by: "username", order: "asc" },
  now: "2026-01-01T00:00:00.000Z",
};

/** A list that has not been made beforehand is sorted when it is asked for. */
const sort = vi.spyOn(Array.prototype, "sort");

let tables: Tables;
let idleWork: IdleWork;
let lists: Lists;

beforeEach(() => {
  vi.useFakeTimers();
  tables = new Tables();
  for (const id of ["c", "a", "b"]) {
    tables.view("users").put(user(id));
    tables.view("keys").put(key(id, id));
    tables.view("sessions").put(session(id, id));
  }
  idleWork = new IdleWork(() => 0);
  lists = new Lists(tables, () => undefined, idleWork);
  sort.mockClear();
});

afterEach(() => {
  idleWork.stop();
  vi.useRealTimers();
});

test("a while after the start the first list of each kind is ready", () => {
  lists.prepare();
  vi.advanceTimersByTime(LATER_MS);
  expect(vi.getTimerCount()).toBe(0);
  expect(lists.users.query(byUsername).items.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(lists.keys.query(window).items.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(lists.sessions.query(window).items.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(sort).not.toHaveBeenCalled();
});

test("a while after the first list all others of its kind are ready", () => {
  lists.prepare();
  vi.advanceTimersByTime(LATER_MS);
  lists.users.query(byUsername);
  vi.advanceTimersByTime(LATER_MS);
  expect(vi.getTimerCount()).toBe(0);
  for (const by of ["fullName", "createdAt", "updatedAt", "lastLoginAt"] as const) {
    lists.users.query({ ...byUsername, sort: { by, order: "desc" } });
    lists.users.query({ ...byUsername, filter: { deleted: true }, sort: { by, order: "asc" } });
  }
  lists.users.after("a", 2);
  expect(sort).not.toHaveBeenCalled();
});

test("what texts are searched in is ready before further orders, whichever was asked for first", () => {
  const read: string[] = [];
  const reading = <T extends object>(record: T, field: keyof T, value: T[keyof T]): T =>
    Object.defineProperty(record, field, {
      get() {
        read.push(String(field));
        return value;
      },
    });
  tables.view("users").put(reading(user("d"), "deletedAt", null));
  tables.view("keys").put(reading(key("d", "d"), "hint", "rk_d"));
  lists.prepare();
  vi.advanceTimersByTime(LATER_MS);
  lists.users.query(byUsername);
  lists.keys.query(window);
  read.length = 0;
  vi.advanceTimersByTime(LATER_MS);
  expect(read[0]).toBe("hint");
  expect(read).toContain("deletedAt");
});

test("who asks before is answered at once", () => {
  lists.prepare();
  expect(lists.users.query(byUsername).total).toBe(3);
  expect(lists.keys.query({ ...window, text: "rk_" }).total).toBe(3);
  expect(lists.sessions.query(window).total).toBe(3);
});

test("once stopped nothing is waited for", () => {
  lists.prepare();
  idleWork.stop();
  lists.users.query(byUsername);
  expect(vi.getTimerCount()).toBe(0);
});
