import { expect, test } from "vitest";
import { Backfill } from "../../../../daemon/store/json/backfill.ts";
import { Rows } from "../../../../daemon/store/json/rows.ts";
import { advance } from "./fixtures.ts";

test("every row is taken in once, those that are new at the end too, and after that new ones need not wait", () => {
  const rows = new Rows<{ id: string }>([]);
  const taken: string[] = [];
  const backfill = new Backfill(rows, (slot, { id }) => taken.push(`${slot}${id}`));
  for (const id of ["a", "b", "c"]) rows.add({ id });
  advance([backfill], 2);
  expect([backfill.has(1), backfill.has(2), backfill.complete]).toEqual([true, false, false]);
  rows.remove(2);
  rows.add({ id: "d" });
  rows.add({ id: "e" });
  advance([backfill], 10);
  expect(taken).toEqual(["0a", "1b", "2d", "3e"]);
  expect([backfill.has(4), backfill.complete]).toEqual([true, true]);
});
