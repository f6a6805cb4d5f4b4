import { expect, test } from "vitest";
import { UserKinds } from "../../../../daemon/store/json/user-kinds.ts";
import { user } from "./fixtures.ts";

test("users that filters cannot tell apart share a number, and a test is made for each number", () => {
  const kinds = new UserKinds();
  const users = [
    { roles: ["a", "b"] },
    { roles: ["a b"] },
    { roles: ["a", "b"], active: false },
    { roles: ["a", "b"], type: "service" as const },
    { roles: ["a", "b"], mustChangePassword: true },
    { roles: ["a", "b"], passwordHash: "hash" },
    { roles: ["a", "b"], fullName: "Another" },
  ];
  expect(users.map((over) => kinds.numberOf(user("1", over)))).toEqual([0, 1, 2, 3, 4, 5, 0]);
  expect(kinds.passing(({ active }) => active)).toEqual([true, true, false, true, true, true]);
  expect(kinds.passing(({ roles }) => roles.includes("b"))).toEqual([true, false, true, true, true, true]);
  expect(kinds.passing(({ hasPassword }) => hasPassword)).toEqual([false, false, false, false, false, true]);
});
