import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseTime, stepTime, timeText } from "../../../tui/components/date-time.ts";

const now = Date.parse("2026-11-22T20:00:00.000Z");
const zone = process.env.TZ;

/** An hour ahead of UTC, and two from March 28 to October 31. */
beforeAll(() => {
  process.env.TZ = "Europe/Berlin";
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe("an instant that a person typed", () => {
  it.each([
    ["", null],
    ["never", null],
    ["30m", "2026-11-22T20:30:00.000Z"],
    ["12h", "2026-11-23T08:00:00.000Z"],
    ["+ 90 d", "2027-02-20T20:00:00.000Z"],
    ["2w", "2026-12-06T20:00:00.000Z"],
    ["2y", "2028-11-21T20:00:00.000Z"],
    ["21:30", "2026-11-22T20:30:00.000Z"],
    ["9:15", "2026-11-23T08:15:00.000Z"],
    ["21:00", "2026-11-23T20:00:00.000Z"],
    ["2027-01-31 14:30", "2027-01-31T13:30:00.000Z"],
    ["2027-07-01 14:30", "2027-07-01T12:30:00.000Z"],
    ["2027-01-31", "2027-01-31T22:59:59.999Z"],
    ["2027-01-31T14:30:05Z", "2027-01-31T14:30:05.000Z"],
  ])("%j is local time and told in UTC", (text, at) => {
    expect(parseTime(text, now, "end")).toEqual({ at });
  });

  it("is the first moment of a day where that is meant", () => {
    expect(parseTime("2027-01-31", now, "begin")).toEqual({ at: "2027-01-30T23:00:00.000Z" });
  });

  it.each(["soon", "2027-02-31", "2027-13-01", "90", "-3d", "9999y", "24:00", "2027-01-31 25:00", "9:61"])(
    "%j is none",
    (text) => {
      expect(parseTime(text, now, "end")).toHaveProperty("problem");
    },
  );

  it("reads what the field wrote as the same minute", () => {
    const text = timeText("2027-07-01T12:30:00.000Z");
    expect(text).toBe("2027-07-01 14:30");
    expect(parseTime(text, now, "end")).toEqual({ at: "2027-07-01T12:30:00.000Z" });
    expect(timeText(null)).toBe("");
  });
});

describe("a step", () => {
  const step = (value: string, cursor: number, by: 1 | -1 = 1) => stepTime({ value, cursor }, by, now).value;

  it.each([
    [0, "2028-01-31 14:30"],
    [6, "2027-02-28 14:30"],
    [9, "2027-02-01 14:30"],
    [12, "2027-01-31 15:30"],
    [16, "2027-01-31 14:35"],
  ])("with the cursor at %i changes that part", (cursor, later) => {
    expect(step("2027-01-31 14:30", cursor)).toBe(later);
  });

  it("goes back, over the ends of days, months and years", () => {
    expect(step("2027-01-01 00:00", 16, -1)).toBe("2026-12-31 23:55");
    expect(step("2027-01-01", 10, -1)).toBe("2026-12-31");
  });

  it("goes over the hour that summer time leaves out", () => {
    expect(step("2027-03-28 01:30", 12)).toBe("2027-03-28 03:30");
  });

  it("begins at the next full hour, or at the typed span", () => {
    expect(step("", 0)).toBe("2026-11-22 22:00");
    expect(step("1d", 2)).toBe("2026-11-23 21:00");
  });

  it("leaves what is no time alone, and never leaves the years of four digits", () => {
    expect(step("soon", 2)).toBe("soon");
    expect(step("9999-12-31 23:55", 16)).toBe("9999-12-31 23:55");
  });
});
