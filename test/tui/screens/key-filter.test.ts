import { expect, test } from "vitest";
import { parseKeyFilter } from "../../../tui/screens/key-filter.ts";

const now = Date.parse("2026-11-22T20:00:00.000Z");
const parse = (line: string) => parseKeyFilter(line, now);

test("spans reach back for use and age, and forward for the end; only live keys are meant", () => {
  expect(parse("unused:30d")).toEqual({
    filter: { status: "active", unusedSince: "2026-10-23T20:00:00.000Z" },
  });
  expect(parse("older:1y")).toEqual({
    filter: { status: "active", createdBefore: "2025-11-22T20:00:00.000Z" },
  });
  expect(parse("expiring:7d")).toEqual({
    filter: { status: "active", expiresBefore: "2026-11-29T20:00:00.000Z" },
  });
});

test("a status that is asked for counts", () => {
  expect(parse("status:retiring expiring:2026-12-24 user:mia printer")).toEqual({
    filter: {
      status: "retiring",
      expiresBefore: "2026-12-24T00:00:00.000Z",
      user: "mia",
      text: "printer",
    },
  });
});

test("what means nothing is said", () => {
  expect(parse("status:old")).toEqual({ problem: "status is active or retiring or expired or revoked" });
  expect(parse("unused:often")).toEqual({
    problem: "unused is a span back from now such as 7d or 12h, or a date such as 2027-01-31",
  });
  expect(parse("expiring:soon")).toEqual({
    problem: "expiring is a span from now such as 7d, or a date such as 2027-01-31",
  });
  expect(parse("colour:red")).toEqual({
    problem: "There is no field colour: try status, user, unused, expiring, older",
  });
});
