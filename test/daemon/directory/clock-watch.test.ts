import { expect, test } from "vitest";
import { createClockWatch } from "../../../daemon/directory/clock-watch.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse("2026-01-01T12:00:00.000Z");

test("a clock that only ticks is trusted an hour after the first look", () => {
  const look = createClockWatch();
  expect(look(START, 5)).toEqual({ jumped: true, trustedFrom: START + HOUR });
  expect(look(START + 10 * MINUTE, 5 + 10 * MINUTE)).toEqual({ jumped: false, trustedFrom: START + HOUR });
  expect(look(START + 9 * HOUR, 5 + 9 * HOUR)).toEqual({ jumped: false, trustedFrom: START + HOUR });
});

test("a jump in either direction is waited for an hour, by the time that passes and not by the clock", () => {
  for (const jump of [365 * 24 * HOUR, -365 * 24 * HOUR, MINUTE + 1, -MINUTE - 1]) {
    const look = createClockWatch();
    look(START, 0);
    const now = START + 2 * HOUR + jump;
    expect(look(now, 2 * HOUR)).toEqual({ jumped: true, trustedFrom: now + HOUR });
    expect(look(now + MINUTE, 2 * HOUR + MINUTE)).toEqual({ jumped: false, trustedFrom: now + HOUR });
  }
});

test("small corrections are no jumps", () => {
  const look = createClockWatch();
  look(START, 0);
  expect(look(START + MINUTE + 500, 500).jumped).toBe(false);
  expect(look(START + 2 * MINUTE + 1000, 1000).jumped).toBe(false);
});
