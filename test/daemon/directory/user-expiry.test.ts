import { expect, test } from "vitest";
import {
  ANONYMOUS,
  HOUR,
  LOCAL,
  openTestDirectory,
  PASSWORD,
  reasonOf,
  type TestDirectory,
} from "./test-directory.ts";

function inMs(roster: TestDirectory, ms: number): string {
  return new Date(Date.parse(roster.now) + ms).toISOString();
}

test("an account with an end lets nobody in from that instant on", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada", [], { validUntil: inMs(roster, 1000) });
  const key = await roster.key("ada");
  roster.advance(999);
  await roster.call(key.caller, "auth.whoami", {});
  await roster.call(caller, "auth.whoami", {});
  roster.advance(1);
  expect(await reasonOf(roster.call(key.caller, "auth.whoami", {}))).toBe("unauthenticated");
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
  expect(await reasonOf(roster.call(ANONYMOUS, "auth.login", { username: "ada", password: PASSWORD }))).toBe(
    "invalidCredentials",
  );
  expect(await reasonOf(roster.call(ANONYMOUS, "auth.loginWithKey", { key: key.secret }))).toBe(
    "invalidCredentials",
  );
});

test("the end of an account is journalled once, with its sessions, and stands when the clock is set back", async () => {
  const roster = await openTestDirectory();
  await roster.sweep();
  const { caller, user } = await roster.person("ada", [], { validUntil: inMs(roster, HOUR) });
  await roster.settle();
  roster.advance(HOUR - 1);
  await roster.sweep();
  expect(await roster.entriesOf("user.expired")).toEqual([]);
  roster.advance(1);
  await roster.sweep();
  await roster.sweep();
  const told = await roster.entriesOf("user.expired", "session.ended");
  expect(told.map(({ type, data }) => [type, data.reason])).toEqual([
    ["session.ended", "userExpired"],
    ["user.expired", undefined],
  ]);
  expect(told[1]).toMatchObject({
    actor: { kind: "system" },
    subject: { kind: "user", id: user.id, name: "ada" },
    data: { user: { username: "ada", revision: 1 } },
  });
  roster.setClock(-2 * HOUR);
  await roster.sweep();
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
  expect(await reasonOf(roster.login("ada"))).toBe("invalidCredentials");
  expect((await roster.call(LOCAL, "presence.list", {})).items).toEqual([]);
  const verdict = await roster.call(LOCAL, "auth.verifyPassword", { username: "ada", password: PASSWORD });
  expect(verdict).toEqual({ valid: false, reason: "expired" });
  await roster.restart();
  expect(await reasonOf(roster.login("ada"))).toBe("invalidCredentials");
  await roster.sweep();
  expect(await roster.entriesOf("user.expired")).toHaveLength(1);
});

test("another end brings the account back with its keys, not with its sessions, and comes again", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada", ["viewer"], { validUntil: inMs(roster, HOUR) });
  const key = await roster.key("ada");
  roster.advance(HOUR);
  await roster.sweep();
  const past = { user: "ada", changes: { validUntil: inMs(roster, -1) } };
  await roster.call(LOCAL, "users.update", past);
  expect(await reasonOf(roster.login("ada"))).toBe("invalidCredentials");

  const put = { user: "ada", changes: { validUntil: inMs(roster, HOUR) } };
  expect(await roster.call(LOCAL, "users.update", put)).toMatchObject(put.changes);
  await roster.call(key.caller, "auth.whoami", {});
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
  await roster.login("ada");

  roster.advance(HOUR);
  await roster.sweep();
  expect(await roster.entriesOf("user.expired")).toHaveLength(2);
  await roster.call(LOCAL, "users.update", { user: "ada", changes: { validUntil: null } });
  await roster.login("ada");
});

test("after a clock that was wrong, the end that the account has is given again", async () => {
  const roster = await openTestDirectory();
  const validUntil = inMs(roster, HOUR);
  await roster.person("ada", [], { validUntil });
  roster.setClock(2 * HOUR);
  await roster.sweep();
  roster.setClock(-2 * HOUR);
  expect(await reasonOf(roster.login("ada"))).toBe("invalidCredentials");
  await roster.call(LOCAL, "users.update", { user: "ada", changes: { validUntil } });
  await roster.login("ada");
  const [update] = await roster.entriesOf("user.updated");
  expect(update?.data.changed).toEqual(["validUntil"]);
});

test("an end in the past ends the account with the answer", async () => {
  const roster = await openTestDirectory();
  await roster.sweep();
  const { caller } = await roster.person("ada");
  await roster.call(LOCAL, "users.update", { user: "ada", changes: { validUntil: inMs(roster, -HOUR) } });
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
  await roster.settle();
  await roster.sweep();
  expect(await roster.entriesOf("user.expired")).toHaveLength(1);
});

test("a deleted account comes to its end only once it is restored", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { validUntil: inMs(roster, HOUR) });
  await roster.call(LOCAL, "users.delete", { user: "ada" });
  roster.advance(HOUR);
  await roster.sweep();
  expect(await roster.entriesOf("user.expired")).toEqual([]);
  await roster.call(LOCAL, "users.restore", { user: "ada" });
  await roster.settle();
  await roster.sweep();
  expect(await roster.entriesOf("user.expired")).toHaveLength(1);
});
