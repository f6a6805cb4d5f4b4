import { expect, test } from "vitest";
import { type LineEntries, NewestEntries } from "../../../../daemon/store/json/newest-entries.ts";
import type { Entry } from "../../../../protocol/index.ts";

/** A line of entries at these positions, each of 100 bytes. */
function line(...positions: number[]): LineEntries {
  const entries = positions.map((seq) => ({ seq }) as Entry);
  return { entries, bytes: 100 * positions.length };
}

function kept(newest: NewestEntries): number[] {
  const positions = Array.from({ length: 30 }, (_, position) => position);
  for (const position of positions) expect(newest.at(position)?.entry.seq ?? position).toBe(position);
  return positions.filter((position) => newest.at(position));
}

test("new entries take the place of the oldest, whatever they came in", () => {
  const newest = new NewestEntries(10, 500);
  newest.add(line(11));
  newest.add(line(12, 13, 14));
  expect(kept(newest)).toEqual([11, 12, 13, 14]);
  newest.add(line(15, 16, 17));
  expect(kept(newest)).toEqual([13, 14, 15, 16, 17]);
  newest.add(line(18, 19, 20, 21, 22, 23, 24));
  expect(kept(newest)).toEqual([20, 21, 22, 23, 24]);
  expect(newest.at(20)?.bytes).toBe(100);
});

test("older entries come before them as long as there is room, and leave no gap", () => {
  const newest = new NewestEntries(10, 500);
  newest.addOlder(line(9, 10));
  newest.addOlder(line(6, 7));
  expect(kept(newest)).toEqual([9, 10]);
  newest.add(line(11));
  newest.addOlder(line(6, 7, 8));
  newest.addOlder(line(8));
  newest.addOlder(line(6, 7));
  newest.addOlder(line(7));
  newest.addOlder(line(6));
  expect(kept(newest)).toEqual([7, 8, 9, 10, 11]);
});

test("what made place for newer entries does not come back", () => {
  const newest = new NewestEntries(10, 500);
  for (const position of [11, 12, 13, 14, 15, 16]) newest.add(line(position));
  newest.addOlder(line(10));
  newest.addOlder(line(11));
  expect(kept(newest)).toEqual([12, 13, 14, 15, 16]);
});
