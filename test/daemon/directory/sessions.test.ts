import { expect, test } from "vitest";
import type { Caller } from "../../../daemon/directory/caller.ts";
import { ADDRESS, ANONYMOUS, DAY, HOUR, openTestDirectory, PASSWORD, reasonOf } from "./test-directory.ts";

test("a session outlives a restart and is taken up again by its token", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD });
  const { token, expiresAt } = await roster.call(ANONYMOUS, "auth.login", {
    username: "ada",
    password: PASSWORD,
  });
  await roster.restart();
  roster.advance(HOUR);
  const resumed = await roster.call(ANONYMOUS, "auth.resume", { token });
  expect(resumed).toMatchObject({ expiresAt, principal: { kind: "session", username: "ada" } });
  // Resuming is no password proof.
  expect(resumed.principal.reauthenticatedAt).not.toBe(roster.now);
});

test("a token works until the session was idle for 12 hours or is 30 days old", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD });
  const { token } = await roster.call(ANONYMOUS, "auth.login", { username: "ada", password: PASSWORD });
  for (let hours = 0; hours < 30 * 24 - 11; hours += 11) {
    roster.advance(11 * HOUR);
    await roster.call(ANONYMOUS, "auth.resume", { token });
  }
  roster.advance(11 * HOUR);
  expect(await reasonOf(roster.call(ANONYMOUS, "auth.resume", { token }))).toBe("sessionExpired");

  const idle = await roster.call(ANONYMOUS, "auth.login", { username: "ada", password: PASSWORD });
  roster.advance(12 * HOUR - 1);
  await roster.call(ANONYMOUS, "auth.resume", { token: idle.token });
  roster.advance(12 * HOUR);
  expect(await reasonOf(roster.call(ANONYMOUS, "auth.resume", { token: idle.token }))).toBe("sessionExpired");
});

test("a session lasts as long as was configured when it began", async () => {
  const roster = await openTestDirectory({ sessionLengths: { idle: HOUR, absolute: 3 * HOUR } });
  const { caller } = await roster.person("ada");
  for (let half = 0; half < 5; half += 1) {
    roster.advance(HOUR / 2);
    roster.store.countUse("sessionId" in caller ? caller.sessionId : "", roster.now, ADDRESS);
    await roster.call(caller, "auth.whoami", {});
  }
  roster.advance(HOUR / 2);
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");

  const idle = await roster.login("ada");
  roster.advance(HOUR - 1);
  await roster.call(idle, "auth.whoami", {});
  roster.advance(1);
  expect(await reasonOf(roster.call(idle, "auth.whoami", {}))).toBe("sessionExpired");
  await roster.directory.sweep(Date.parse(roster.now));
  expect((await roster.entriesOf("session.ended")).map(({ data }) => data.reason)).toEqual([
    "expired",
    "idle",
  ]);
});

test("a token of an account that has ended takes nothing up", async () => {
  const roster = await openTestDirectory();
  const validUntil = new Date(Date.parse(roster.now) + HOUR).toISOString();
  await roster.user("ada", { password: PASSWORD, validUntil });
  const { token } = await roster.call(ANONYMOUS, "auth.login", { username: "ada", password: PASSWORD });
  roster.advance(HOUR);
  const heard: Caller[] = [];
  const resume = roster.call(ANONYMOUS, "auth.resume", { token }, (caller) => heard.push(caller));
  expect(await reasonOf(resume)).toBe("invalidCredentials");
  expect(heard).toEqual([]);
});

test("an ended session is ended for an open connection too", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  roster.advance(12 * HOUR);
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
});

test("logging out ends the session for good", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD });
  let caller: Caller = ANONYMOUS;
  const become = (next: Caller) => {
    caller = next;
  };
  const { token } = await roster.call(
    ANONYMOUS,
    "auth.login",
    { username: "ada", password: PASSWORD },
    become,
  );
  await roster.call(caller, "auth.logout", {}, become);
  expect(caller).toEqual(ANONYMOUS);
  expect(await reasonOf(roster.call(ANONYMOUS, "auth.resume", { token }))).toBe("invalidCredentials");
  expect(await roster.entriesOf("session.ended")).toMatchObject([{ data: { reason: "logout" } }]);
});

test("the 101st session of a user ends the one that was idle longest", async () => {
  const roster = await openTestDirectory();
  const first = await roster.person("ada");
  const second = await roster.login("ada");
  for (let count = 2; count < 100; count += 1) {
    roster.advance(1);
    await roster.login("ada");
  }
  roster.advance(1);
  if (first.caller.kind === "session") roster.store.countUse(first.caller.sessionId, roster.now, ADDRESS);
  await roster.login("ada");
  await roster.call(first.caller, "auth.whoami", {});
  expect(await reasonOf(roster.call(second, "auth.whoami", {}))).toBe("sessionExpired");
  expect(await roster.entriesOf("session.ended")).toMatchObject([{ data: { reason: "superseded" } }]);
});

test("a session ends on the day it ends, however busy", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD, validUntil: "2026-01-03T12:00:00.000Z" });
  const caller = await roster.login("ada");
  if (caller.kind !== "session") throw new Error("no session");
  for (let day = 0; day < 4; day += 1) {
    roster.advance(DAY / 2 - 1);
    roster.store.countUse(caller.sessionId, roster.now, ADDRESS);
  }
  await roster.call(caller, "auth.whoami", {});
  roster.advance(4);
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
});
