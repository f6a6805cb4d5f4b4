import { expect, test } from "vitest";
import { instant, parseEnd, relative } from "../../../tui/screens/times.ts";

const now = Date.parse("2026-11-22T20:00:00.000Z");

test("past and future are told in one unit", () => {
  expect(relative("2026-11-22T19:59:30.000Z", now)).toBe("30s ago");
  expect(relative("2026-11-22T17:30:00.000Z", now)).toBe("2h ago");
  expect(relative("2026-11-29T20:00:00.000Z", now)).toBe("in 7d");
  expect(relative("2020-11-22T20:00:00.000Z", now)).toBe("6y ago");
  expect(relative("2026-11-22T20:00:00.000Z", now)).toBe("now");
  expect(relative(null, now)).toBe("never");
});

test("an instant is told to the minute with its zone", () => {
  expect(instant("2026-11-22T20:17:36.000Z")).toBe("2026-11-22 20:17 UTC");
});

test.each([
  ["never", null],
  ["", null],
  ["12h", "2026-11-23T08:00:00.000Z"],
  ["90d", "2027-02-20T20:00:00.000Z"],
  ["2y", "2028-11-21T20:00:00.000Z"],
  ["2027-01-31", "2027-01-31T23:59:59.999Z"],
])("an end may be typed as %j", (text, at) => {
  expect(parseEnd(text, now)).toEqual({ at });
});

test.each(["soon", "2027-02-31", "2027-13-01", "90", "-3d", "9999y"])("%j is no end", (text) => {
  expect(parseEnd(text, now)).toHaveProperty("problem");
});
