import { expect, test } from "vitest";
import { call, patienceFor } from "../../../tui/commands/call.ts";

const nobody = { target: { kind: "socket", path: "/nonexistent" }, key: undefined } as const;

test.each([
  ["{", "not valid JSON"],
  ["{user: 'bert'}", "not valid JSON"],
  ["", "not valid JSON"],
  ["[1]", "not a JSON object"],
  ["7", "not a JSON object"],
  ["null", "not a JSON object"],
])("the argument %s is refused before anybody is asked", async (argument, why) => {
  const refusal = await call("users.get", argument, nobody).catch((error) => error);
  expect(refusal).toMatchObject({ name: "Failure", status: 2 });
  expect(refusal.message).toContain(why);
  expect(refusal.message).toContain(`write an object, such as '{"user":"ann"}'`);
});

test("what reads or writes all that is stored is waited for, the rest as long as the client waits", () => {
  expect(patienceFor("system.backup").timeoutMs).toBeGreaterThan(10 * 60_000);
  expect(patienceFor("users.get")).toEqual({});
});
