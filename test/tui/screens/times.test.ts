import { expect, test } from "vitest";
import { instant, parseBack, relative } from "../../../tui/screens/times.ts";

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

test("the past is said by a span, a day or an instant", () => {
  expect(parseBack("30m", now)).toEqual({ at: "2026-11-22T19:30:00.000Z" });
  expect(parseBack("7D", now)).toEqual({ at: "2026-11-15T20:00:00.000Z" });
  expect(parseBack("2026-11-01", now)).toEqual({ at: "2026-11-01T00:00:00.000Z" });
  expect(parseBack("2026-11-01T12:30:00Z", now)).toEqual({ at: "2026-11-01T12:30:00.000Z" });
});

test.each(["yesterday", "7", "d", "2026-02-30", "2026-13-01", "2026-11-01T99:00:00Z", "123456d"])(
  "%s is no past that is understood",
  (text) => {
    expect(parseBack(text, now)).toHaveProperty("problem");
  },
);
