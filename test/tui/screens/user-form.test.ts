import { expect, test } from "vitest";
import { changesOf, differing, userFields, valuesOf } from "../../../tui/screens/user-form.ts";
import { sessionOf } from "../fake-daemon.ts";
import { roles, userOf } from "./open-app.tsx";

const now = Date.parse("2026-11-22T20:00:00.000Z");
const base = valuesOf(userOf(1, { validUntil: "2027-01-01T00:00:00.000Z" }));

test("only what differs is a change", () => {
  expect(changesOf(base, base, now)).toEqual({ changes: {} });
  expect(changesOf(base, { ...base, active: "no", roles: ["admin", "viewer"] }, now)).toEqual({
    changes: { active: false, roles: ["admin", "viewer"] },
  });
});

test("the order of the roles is no difference", () => {
  const two = { ...base, roles: ["viewer", "admin"] };
  expect(differing(two, { ...two, roles: ["admin", "viewer"] })).toEqual([]);
});

test("the end of an account is a span, a date, never, or an instant as it was shown", () => {
  const end = (validUntil: string) => changesOf({ ...base, validUntil: "x" }, { ...base, validUntil }, now);
  expect(end("never")).toEqual({ changes: { validUntil: null } });
  expect(end("1d")).toEqual({ changes: { validUntil: "2026-11-23T20:00:00.000Z" } });
  expect(end("2027-01-01T00:00:00.000Z")).toEqual({ changes: { validUntil: "2027-01-01T00:00:00.000Z" } });
  expect(end("2027-13-01T00:00:00.000Z")).toHaveProperty("problem");
});

test("without users.update only the own full name and theme are fields", () => {
  const names = (permissions: string[]) =>
    userFields(sessionOf("ada", { permissions }), roles).map(({ name }) => name);
  expect(names([])).toEqual(["fullName", "theme"]);
  expect(names(["users.update"])).toHaveLength(8);
});
