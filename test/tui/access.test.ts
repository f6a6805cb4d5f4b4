import { expect, test } from "vitest";
import { lackedFor, mayCall } from "../../tui/access.ts";
import { sessionOf } from "./fake-daemon.ts";

const own = "00000000-0000-7000-8000-000000000001";
const other = "00000000-0000-7000-8000-000000000002";

test("what the contract wants and the caller lacks is named", () => {
  const viewer = sessionOf("vera", { permissions: ["users.read"] });
  expect(lackedFor(viewer, "users.delete", other)).toEqual(["users.delete"]);
  expect(mayCall(viewer, "users.get", other)).toBe(true);
  expect(mayCall(viewer, "system.ping")).toBe(true);
});

test("a session needs nothing for its own account where the contract says so, a key does", () => {
  const session = sessionOf("vera", { permissions: [] });
  expect(lackedFor(session, "keys.create", own)).toEqual([]);
  expect(lackedFor(session, "keys.create", other)).toEqual(["keys.manage"]);
  expect(lackedFor({ ...session, kind: "key" }, "keys.create", own)).toEqual(["keys.manage"]);
  expect(lackedFor({ ...session, kind: "key" }, "users.get", own)).toEqual([]);
  expect(lackedFor(session, "users.disable", own)).toEqual(["users.update"]);
});
