import { expect, test } from "vitest";
import { isMet, renderTable } from "./report.ts";
import { median } from "./rounds.ts";

test("the median is the middle value, or the mean of the two in the middle", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 9, 2])).toBe(3);
});

test("a goal is met at its bound, in its direction, and undecided without a figure", () => {
  const goal = { what: "of bare ws", bound: "at least", goal: 1, reached: 1 } as const;
  expect(isMet(goal)).toBe(true);
  expect(isMet({ ...goal, reached: 0.99 })).toBe(false);
  expect(isMet({ ...goal, bound: "at most", reached: 1.01 })).toBe(false);
  expect(isMet({ ...goal, reached: null })).toBe(null);
});

test("a table shows limit, ratio and whether each goal was reached", () => {
  const row = {
    name: "Roster",
    rate: 51_234.4,
    ratio: 0.9,
    serverMicroseconds: null,
    loadBusy: 0.5,
    p50: 0.25,
    p99: 12.34,
    bytesAnAnswer: 702,
    spread: 0.04,
    disturbed: 0,
  };
  const text = renderTable({
    title: "users.get",
    rows: [row],
    goals: [{ what: "of bare ws", bound: "at least", goal: 1, reached: 0.997 }],
  });
  expect(text).toMatch(/Roster +51,234 +0\.90 +- +50 % +0\.25 +12\.3 +4 % +0/);
  expect(text).toContain("goal: of bare ws at least 1.00: 0.997, missed");
});
