import { expect, test } from "vitest";
import { RoleSets } from "../../../../daemon/store/json/role-sets.ts";

test("users with the same roles share a number, and it tells which roles they have", () => {
  const sets = new RoleSets();
  const numbers = [["a", "b"], [], ["a b"], ["b", "c"], ["a", "b"]].map((roles) => sets.numberOf(roles));
  expect(numbers).toEqual([0, 1, 2, 3, 0]);
  expect(sets.having(["b"])).toEqual([true, false, false, true]);
  expect(sets.having(["b", "a"])).toEqual([true, false, false, false]);
  expect(sets.having([])).toEqual([true, true, true, true]);
});
