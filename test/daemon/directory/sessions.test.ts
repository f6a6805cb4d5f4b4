import { expect, test } from "vitest";
import type { Caller } from "../../../daemon/directory/caller.ts";
import {
  ADDRESS,
  ANONYMOUS,
  DAY,
  HOUR,
  LOCAL,
  openTestDirectory,
  PASSWORD,
  reasonOf,
} from "./test-directory.ts";

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
  await roster.sweep();
  expect((await roster.entriesOf("session.ended")).map(({ data }) => data.reason)).toEqual([
    "expired",
    "idle",
  ]);
});

test("everybody's list leaves out each session from the moment it ends, however often it was asked for before", async () => {
  const roster = await openTestDirectory({ sessionLengths: { idle: HOUR, absolute: 2 * HOUR } });
  const listed = async () => {
    const { items, total } = await roster.call(LOCAL, "sessions.list", { allUsers: true, limit: 50 });
    expect(total).toBe(items.length);
    return items.map(({ username }) => username);
  };
  expect(await listed()).toEqual([]);
  const { caller } = await roster.person("ada");
  expect(await listed()).toEqual(["ada"]);
  roster.advance(HOUR / 2);
  await roster.person("ben");
  roster.store.countUse("sessionId" in caller ? caller.sessionId : "", roster.now, ADDRESS);
  expect(await listed()).toEqual(["ada", "ben"]);
  roster.advance(HOUR / 2);
  await roster.person("cleo");
  expect(await listed()).toEqual(["ada", "ben", "cleo"]);
  // Both were idle for an hour; nobody has recorded it.
  roster.advance(HOUR / 2);
  expect(await listed()).toEqual(["cleo"]);
  expect(await listed()).toEqual(["cleo"]);
  await roster.sweep();
  expect(await listed()).toEqual(["cleo"]);
  roster.advance(HOUR / 2 - 1);
  expect(await listed()).toEqual(["cleo"]);
  roster.advance(1);
  expect(await listed()).toEqual([]);
});

test("everybody's list leaves out a session in use from its absolute end on", async () => {
  const roster = await openTestDirectory({ sessionLengths: { idle: HOUR, absolute: 2 * HOUR } });
  const total = async () => (await roster.call(LOCAL, "sessions.list", { allUsers: true })).total;
  const { caller } = await roster.person("ada");
  for (const minutes of [45, 45, 29]) {
    roster.advance((minutes * HOUR) / 60);
    roster.store.countUse("sessionId" in caller ? caller.sessionId : "", roster.now, ADDRESS);
    expect(await total()).toBe(1);
  }
  roster.advance(HOUR / 60);
  expect(await total()).toBe(0);
});

test("a session that begins once the clock was set back is listed no longer than it lasts", async () => {
  const roster = await openTestDirectory({ sessionLengths: { idle: HOUR, absolute: 2 * HOUR } });
  const total = async () => (await roster.call(LOCAL, "sessions.list", { allUsers: true })).total;
  roster.advance(30 * DAY);
  expect(await total()).toBe(0);
  roster.advance(-30 * DAY);
  await roster.person("ada");
  expect(await total()).toBe(1);
  roster.advance(HOUR);
  expect(await total()).toBe(0);
});

test("of sessions that were used since they began each is ended in its time, the least recently used first", async () => {
  const roster = await openTestDirectory({ sessionLengths: { idle: HOUR, absolute: 9 * HOUR } });
  const callers: Caller[] = [];
  for (const name of ["ada", "ben", "cleo"]) callers.push((await roster.person(name)).caller);
  const use = (at: number) => {
    const caller = callers[at];
    roster.store.countUse(caller && "sessionId" in caller ? caller.sessionId : "", roster.now, ADDRESS);
  };
  const ended = async () =>
    (await roster.entriesOf("session.ended")).map(
      ({ data }) => (data.session as { username: string }).username,
    );
  roster.advance(HOUR / 4);
  use(1);
  roster.advance(HOUR / 4);
  use(0);
  use(2);
  await roster.sweep();
  roster.advance(HOUR / 2);
  await roster.sweep();
  expect(await ended()).toEqual([]);
  roster.advance(HOUR / 4);
  await roster.sweep();
  expect(await ended()).toEqual(["ben"]);
  roster.advance(HOUR / 4);
  await roster.sweep();
  expect((await ended()).sort()).toEqual(["ada", "ben", "cleo"]);
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

test("the list tells where each session is from, when it was last used, and which one asks", async () => {
  const roster = await openTestDirectory();
  const { user, caller } = await roster.person("ada");
  roster.advance(HOUR);
  const second = await roster.login("ada", PASSWORD, { kind: "anonymous", address: "198.51.100.1" });
  roster.store.countUse(idOf(caller), roster.now, ADDRESS);
  const { items, total } = await roster.call(second, "sessions.list", {});
  expect(total).toBe(2);
  expect(items).toMatchObject([
    { id: idOf(caller), lastSeenAt: roster.now, address: ADDRESS, current: false },
    { id: idOf(second), createdAt: roster.now, address: "198.51.100.1", client: "test", current: true },
  ]);
  for (const item of items) expect(item).toMatchObject({ userId: user.id, username: "ada" });
  expect(JSON.stringify(items)).not.toMatch(/rs_|hash|lookup/);
});

test("the list is paged, and sessions that have ended are not in it", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  roster.advance(6 * HOUR);
  const fresh = await roster.person("ben");
  roster.advance(6 * HOUR);
  const all = await roster.call(LOCAL, "sessions.list", { allUsers: true });
  expect(all.items.map(({ username }) => username)).toEqual(["ben"]);
  await roster.login("ben");
  const usersWith = async (text: string) =>
    (await roster.call(LOCAL, "sessions.list", { allUsers: true, text })).items.map(
      ({ username }) => username,
    );
  expect(new Set(await usersWith("BE"))).toEqual(new Set(["ben"]));
  expect(await usersWith("no such client")).toEqual([]);
  const page = await roster.call(LOCAL, "sessions.list", { user: "ben", offset: 1, limit: 1 });
  expect(page).toMatchObject({ total: 2, offset: 1, limit: 1, items: [{ current: false }] });
  expect(page.items[0]?.id).not.toBe(idOf(fresh.caller));
  expect(await reasonOf(roster.call(caller, "sessions.list", {}))).toBe("sessionExpired");
});

test("one revokes one's own sessions, one by one or all but the one that asks", async () => {
  const roster = await openTestDirectory();
  const { caller: first } = await roster.person("ada");
  const [second, third, fourth] = [
    await roster.login("ada"),
    await roster.login("ada"),
    await roster.login("ada"),
  ];
  expect(await roster.call(first, "sessions.revoke", { id: idOf(second) })).toEqual({ revoked: 1 });
  expect(await reasonOf(roster.call(second, "auth.whoami", {}))).toBe("sessionExpired");
  expect(await roster.call(first, "sessions.revokeAll", {})).toEqual({ revoked: 2 });
  for (const ended of [third, fourth]) {
    expect(await reasonOf(roster.call(ended, "auth.whoami", {}))).toBe("sessionExpired");
  }
  await roster.call(first, "auth.whoami", {});
  const told = await roster.entriesOf("session.ended");
  expect(told.map(({ data }) => data.reason)).toEqual(["revoked", "revoked", "revoked"]);
});

test("a session that revokes itself is over", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  await roster.call(caller, "sessions.revoke", { id: idOf(caller) });
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
});

test("a manager ends all sessions of somebody else, and of nobody who outranks them", async () => {
  const roster = await openTestDirectory();
  const { caller: operator } = await roster.person("op", ["operator"]);
  const { caller: ada } = await roster.person("ada");
  const { caller: root } = await roster.person("root", ["admin"]);
  expect(await roster.call(operator, "sessions.revokeAll", { user: "ada" })).toEqual({ revoked: 1 });
  expect(await reasonOf(roster.call(ada, "auth.whoami", {}))).toBe("sessionExpired");
  expect(await reasonOf(roster.call(operator, "sessions.revokeAll", { user: "root" }))).toBe("outranked");
  expect(await reasonOf(roster.call(operator, "sessions.revoke", { id: idOf(root) }))).toBe("outranked");
  await roster.call(root, "auth.whoami", {});
});

test("somebody else's session is not to be told from one that does not exist", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const other = await roster.person("ben");
  for (const id of [idOf(other.caller), other.user.id]) {
    expect(await reasonOf(roster.call(caller, "sessions.revoke", { id }))).toBe("forbidden");
  }
  expect(await reasonOf(roster.call(LOCAL, "sessions.revoke", { id: other.user.id }))).toBe("notFound");
});

test("a key of one's own does not end one's sessions", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada", ["viewer"]);
  const key = await roster.key("ada");
  for (const call of [
    roster.call(key.caller, "sessions.list", {}),
    roster.call(key.caller, "sessions.revoke", { id: idOf(caller) }),
    roster.call(key.caller, "sessions.revokeAll", {}),
  ]) {
    expect(await reasonOf(call)).toBe("forbidden");
  }
});

function idOf(caller: Caller): string {
  if (caller.kind !== "session") throw new Error("no session");
  return caller.sessionId;
}
