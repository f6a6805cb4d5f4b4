import { expect, test } from "vitest";
import { defaultRetention } from "../../../daemon/directory/retention.ts";
import {
  DAY,
  HOUR,
  LOCAL,
  openTestDirectory,
  PASSWORD,
  reasonOf,
  refusalOf,
  type TestDirectory,
} from "./test-directory.ts";

/** A deleted user who had everything that a user can have. */
async function deleted(roster: TestDirectory, username = "ada") {
  const { user, caller } = await roster.person(username, ["viewer"], { settings: { studio: { grid: 8 } } });
  const key = await roster.key(username);
  await roster.call(LOCAL, "users.delete", { user: username });
  return { user, caller, key };
}

test("a restored user has roles and settings again, is disabled, and finds no key or session alive", async () => {
  const roster = await openTestDirectory();
  const { user, caller, key } = await deleted(roster);
  const restored = await roster.call(LOCAL, "users.restore", { user: "ada" });
  expect(restored).toMatchObject({
    id: user.id,
    roles: ["viewer"],
    active: false,
    deletedAt: null,
    activeKeys: 0,
    hasPassword: true,
    revision: 3,
  });
  const { settings } = await roster.call(LOCAL, "settings.get", { user: "ada" });
  expect(settings).toEqual({ studio: { grid: 8 } });
  expect(await reasonOf(roster.login("ada"))).toBe("invalidCredentials");
  await roster.call(LOCAL, "users.enable", { user: "ada" });
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
  expect(await reasonOf(roster.call(key.caller, "auth.whoami", {}))).toBe("unauthenticated");
  await roster.login("ada");
  const [told] = await roster.entriesOf("user.restored");
  expect(told).toMatchObject({ subject: { id: user.id }, data: { user: restored } });
});

test("a purged user leaves nothing, and the name is free", async () => {
  const roster = await openTestDirectory();
  const { user, caller, key } = await deleted(roster);
  const taken = await refusalOf(roster.call(LOCAL, "users.create", { username: "ada" }));
  expect(taken).toMatchObject({ reason: "alreadyExists", data: { deletedUser: user.id } });
  expect(await roster.call(LOCAL, "users.purge", { user: user.id })).toEqual({});
  expect(await reasonOf(roster.call(LOCAL, "users.get", { user: user.id }))).toBe("notFound");
  expect(await reasonOf(roster.call(LOCAL, "keys.get", { id: key.key.id }))).toBe("notFound");
  expect(await reasonOf(roster.call(LOCAL, "users.purge", { user: "ada" }))).toBe("notFound");
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");

  await roster.store.flushUsage();
  const { store } = roster;
  expect([
    await store.settings(user.id),
    await store.lockout(user.id),
    await store.usage(key.key.id),
  ]).toEqual([undefined, undefined, undefined]);
  expect(await store.keysOf(user.id)).toEqual([]);
  const [told] = await roster.entriesOf("user.purged");
  expect(told).toMatchObject({ subject: { kind: "user", id: user.id, name: "ada" }, data: {} });
  const viewer = (await roster.call(LOCAL, "roles.list", {})).items.find(({ name }) => name === "viewer");
  expect(viewer?.assigned).toBe(0);

  const again = await roster.user("ada");
  expect(again.id).not.toBe(user.id);
  await roster.restart();
  expect(await roster.call(LOCAL, "users.get", { user: "ada" })).toMatchObject({ id: again.id, roles: [] });
});

test("only a deleted user is restored or purged", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada");
  for (const method of ["users.restore", "users.purge"] as const) {
    expect(await reasonOf(roster.call(LOCAL, method, { user: "ada" }))).toBe("invalidState");
    expect(await reasonOf(roster.call(LOCAL, method, { user: "nobody" }))).toBe("notFound");
  }
});

test("one who holds more is neither restored nor purged by one who holds less", async () => {
  const roster = await openTestDirectory();
  await roster.role("janitor", ["users.delete", "users.read", "presence.read"]);
  const { caller } = await roster.person("jan", ["janitor"]);
  await roster.user("op", { roles: ["operator"] });
  await roster.user("bob", { roles: ["viewer"] });
  for (const user of ["op", "bob"]) await roster.call(LOCAL, "users.delete", { user });
  for (const method of ["users.restore", "users.purge"] as const) {
    expect(await reasonOf(roster.call(caller, method, { user: "op" }))).toBe("outranked");
  }
  await roster.call(caller, "users.restore", { user: "bob" });
  await roster.call(caller, "users.delete", { user: "bob" });
  await roster.call(caller, "users.purge", { user: "bob" });
});

test("a deleted user is purged after seven days, and not a moment before", async () => {
  const roster = await openTestDirectory();
  await roster.sweep();
  const { user } = await deleted(roster);
  await roster.settle();
  roster.advance(7 * DAY - 1);
  await roster.sweep();
  await roster.call(LOCAL, "users.get", { user: "ada" });
  roster.advance(1);
  await roster.sweep();
  expect(await reasonOf(roster.call(LOCAL, "users.get", { user: "ada" }))).toBe("notFound");
  const [told] = await roster.entriesOf("user.purged");
  expect(told).toMatchObject({ actor: { kind: "system" }, subject: { id: user.id, name: "ada" } });
});

test("a user who was restored in time is not purged", async () => {
  const roster = await openTestDirectory();
  await roster.sweep();
  await deleted(roster);
  roster.advance(6 * DAY);
  await roster.call(LOCAL, "users.restore", { user: "ada" });
  roster.advance(2 * DAY);
  await roster.sweep();
  await roster.call(LOCAL, "users.enable", { user: "ada" });
});

test("how long a deleted user is kept can be said", async () => {
  const roster = await openTestDirectory({
    retention: { ...defaultRetention, deletedUsers: 2 * HOUR, endedKeys: DAY },
  });
  await roster.sweep();
  await deleted(roster);
  await roster.settle();
  roster.advance(2 * HOUR);
  await roster.sweep();
  expect(await roster.entriesOf("user.purged")).toHaveLength(1);
});

test("nobody is purged within an hour of a jump of the clock", async () => {
  const roster = await openTestDirectory();
  await deleted(roster);
  roster.advance(HOUR);
  await roster.sweep();
  roster.setClock(365 * DAY);
  await roster.sweep();
  roster.advance(HOUR - 1);
  await roster.sweep();
  await roster.call(LOCAL, "users.restore", { user: "ada" });
  await roster.call(LOCAL, "users.delete", { user: "ada" });
  roster.advance(6 * DAY);
  await roster.sweep();
  await roster.call(LOCAL, "users.get", { user: "ada" });
  roster.setClock(DAY);
  await roster.sweep();
  await roster.call(LOCAL, "users.get", { user: "ada" });
  roster.advance(HOUR);
  await roster.sweep();
  expect(await roster.entriesOf("user.purged")).toHaveLength(1);
});

test("nor within an hour of the start, when a clock that is years off has not been put right yet", async () => {
  const roster = await openTestDirectory();
  await deleted(roster);
  roster.setClock(365 * DAY);
  await roster.restart();
  await roster.sweep();
  roster.setClock(-365 * DAY);
  await roster.sweep();
  roster.advance(2 * HOUR);
  await roster.sweep();
  await roster.call(LOCAL, "users.restore", { user: "ada" });
});

test("a clock that was years ahead for a while does not keep a deleted user for years", async () => {
  const roster = await openTestDirectory();
  await deleted(roster);
  roster.setClock(365 * DAY);
  await roster.sweep();
  roster.setClock(-365 * DAY);
  await roster.sweep();
  roster.advance(7 * DAY);
  await roster.sweep();
  expect(await roster.entriesOf("user.purged")).toHaveLength(1);
});

test("more than one transaction takes are purged one batch after the other", async () => {
  const roster = await openTestDirectory();
  await roster.sweep();
  const names = Array.from({ length: 120 }, (_, index) => `user-${index}`);
  for (const username of names) await roster.user(username);
  await Promise.all(names.map((user) => roster.call(LOCAL, "users.delete", { user })));
  await roster.settle();
  roster.advance(7 * DAY);
  await roster.sweep();
  expect(await roster.entriesOf("user.purged")).toHaveLength(100);
  await roster.sweep();
  expect(await roster.entriesOf("user.purged")).toHaveLength(120);
});

test("the last administrator stays when the others are deleted, restored or purged", async () => {
  const roster = await openTestDirectory();
  for (const name of ["one", "two"]) await roster.user(name, { password: PASSWORD, roles: ["admin"] });
  await roster.call(LOCAL, "users.delete", { user: "one" });
  expect(await reasonOf(roster.call(LOCAL, "users.delete", { user: "two" }))).toBe("lastAdministrator");
  // Restored means disabled: it does not stand in yet.
  await roster.call(LOCAL, "users.restore", { user: "one" });
  expect(await reasonOf(roster.call(LOCAL, "users.delete", { user: "two" }))).toBe("lastAdministrator");
  await roster.call(LOCAL, "users.enable", { user: "one" });
  await roster.call(LOCAL, "users.delete", { user: "two" });
  await roster.call(LOCAL, "users.purge", { user: "two" });
  expect(await reasonOf(roster.call(LOCAL, "users.disable", { user: "one" }))).toBe("lastAdministrator");
});
