import { expect, test } from "vitest";
import { nearest } from "../../protocol/nearest.ts";

const names = ["users.list", "users.get", "keys.list", "system.ping"];

test.each([
  ["user.list", "users.list"],
  ["users.lst", "users.list"],
  ["USERS.GET", "users.get"],
  ["key.list", "keys.list"],
  ["ping", undefined],
  ["", undefined],
  ["something.else", undefined],
])("for %s it suggests %s", (typed, meant) => {
  expect(nearest(typed, names)).toBe(meant);
});
