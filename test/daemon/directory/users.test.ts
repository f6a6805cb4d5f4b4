import { expect, test } from "vitest";
import { LOCAL, openTestDirectory, PASSWORD, reasonOf, refusalOf } from "./test-directory.ts";

test("a new user has the defaults of the contract and the default settings", async () => {
  const roster = await openTestDirectory();
  const { user } = await roster.call(LOCAL, "users.create", { username: "Ada.Lovelace", fullName: "Ada" });
  expect(user).toMatchObject({
    username: "ada.lovelace",
    fullName: "Ada",
    type: "normal",
    roles: [],
    active: true,
    hasPassword: false,
    mustChangePassword: false,
    passwordChangedAt: null,
    lastLoginAt: null,
    activeKeys: 0,
    revision: 1,
  });
  const { settings, permissions } = await roster.call(LOCAL, "users.get", { user: "ADA.lovelace" });
  expect(settings).toEqual({ studio: {}, browse: {} });
  expect(permissions).toEqual([]);
});

test("a password given or generated must be changed at first use", async () => {
  const roster = await openTestDirectory();
  const given = await roster.call(LOCAL, "users.create", { username: "a", password: PASSWORD });
  expect(given).toMatchObject({ user: { hasPassword: true, mustChangePassword: true } });
  expect(given.generatedPassword).toBeUndefined();
  const { user, generatedPassword } = await roster.call(LOCAL, "users.create", {
    username: "b",
    generatePassword: true,
  });
  expect(user.mustChangePassword).toBe(true);
  await roster.login("b", generatedPassword);
});

test("a password that the policy refuses makes no user", async () => {
  const roster = await openTestDirectory();
  const error = await refusalOf(
    roster.call(LOCAL, "users.create", { username: "a", password: "brief-riddle" }),
  );
  expect(error.reason).toBe("passwordRejected");
  expect(error.data).toMatchObject({ problems: [{ code: "tooShort" }] });
  expect(await reasonOf(roster.call(LOCAL, "users.get", { user: "a" }))).toBe("notFound");
});

test("a service account has no password", async () => {
  const roster = await openTestDirectory();
  const params = { username: "backup", type: "service" } as const;
  for (const extra of [{ password: PASSWORD }, { generatePassword: true }, { mustChangePassword: true }]) {
    const error = await refusalOf(roster.call(LOCAL, "users.create", { ...params, ...extra }));
    expect(error.code).toBe(-32602);
    expect(error.data).toMatchObject({ issues: [{ path: Object.keys(extra) }] });
  }
  await roster.call(LOCAL, "users.create", params);
  const reset = roster.call(LOCAL, "users.resetPassword", { user: "backup", generate: true });
  expect(await reasonOf(reset)).toBe("invalidState");
});

test("names are unique, those of deleted users too", async () => {
  const roster = await openTestDirectory();
  const { id } = await roster.user("ada");
  await roster.user("bob");
  const taken = await refusalOf(roster.call(LOCAL, "users.create", { username: "ADA" }));
  expect(taken.reason).toBe("alreadyExists");
  expect(taken.data).not.toHaveProperty("deletedUser");
  const rename = { user: "bob", changes: { username: "ada" } };
  expect(await reasonOf(roster.call(LOCAL, "users.update", rename))).toBe("alreadyExists");

  await roster.call(LOCAL, "users.delete", { user: "ada" });
  const kept = await refusalOf(roster.call(LOCAL, "users.create", { username: "ada" }));
  expect(kept).toMatchObject({ reason: "alreadyExists", data: { deletedUser: id } });
});

test("two that create the same name at once: one gets it", async () => {
  const roster = await openTestDirectory();
  const both = await Promise.allSettled([
    roster.call(LOCAL, "users.create", { username: "ada" }),
    roster.call(LOCAL, "users.create", { username: "ada" }),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("an unknown role is named with its place", async () => {
  const roster = await openTestDirectory();
  const roles = ["viewer", "wizard"];
  const created = await refusalOf(roster.call(LOCAL, "users.create", { username: "ada", roles }));
  expect(created).toMatchObject({ code: -32602, data: { issues: [{ path: ["roles", 1] }] } });
});

test("an update changes what it names, says what changed, and bumps the revision", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { fullName: "Ada" });
  const changes = { fullName: "Ada L.", roles: ["viewer", "designer"], theme: "default" } as const;
  roster.advance(1000);
  const user = await roster.call(LOCAL, "users.update", {
    user: "ada",
    changes: { ...changes, roles: [...changes.roles] },
  });
  expect(user).toMatchObject({
    fullName: "Ada L.",
    roles: ["designer", "viewer"],
    active: true,
    revision: 2,
  });
  expect(user.updatedAt).toBe(roster.now);
  const [entry] = await roster.entriesOf("user.updated");
  expect(entry?.data).toEqual({ user, changed: ["fullName", "roles"] });
});

test("an update that changes nothing bumps nothing and says nothing", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { fullName: "Ada", roles: ["viewer"] });
  roster.advance(1000);
  const changes = { fullName: "Ada", roles: ["viewer"], active: true };
  const user = await roster.call(LOCAL, "users.update", { user: "ada", changes });
  expect(user.revision).toBe(1);
  expect(user.updatedAt).not.toBe(roster.now);
  await roster.call(LOCAL, "users.enable", { user: "ada" });
  expect(await roster.entriesOf("user.updated", "user.enabled")).toEqual([]);
});

test("a stale revision is refused with the current one, for updates and deletes", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada");
  await roster.call(LOCAL, "users.update", { user: "ada", changes: { fullName: "Ada" }, ifRevision: 1 });
  const stale = { user: "ada", changes: { fullName: "Bob" }, ifRevision: 1 };
  const error = await refusalOf(roster.call(LOCAL, "users.update", stale));
  expect(error).toMatchObject({ code: 412, data: { revision: 2 } });
  expect(await reasonOf(roster.call(LOCAL, "users.delete", { user: "ada", ifRevision: 1 }))).toBe(
    "revisionMismatch",
  );
});

test("the list filters by role name, leaves deleted users out, and pages exactly", async () => {
  const roster = await openTestDirectory();
  for (const name of ["a", "b", "c", "d"]) await roster.user(name, { roles: name === "b" ? ["viewer"] : [] });
  await roster.call(LOCAL, "users.delete", { user: "d" });
  const names = (list: { items: { username: string }[] }) => list.items.map(({ username }) => username);

  const window = await roster.call(LOCAL, "users.list", { offset: 1, limit: 1 });
  expect(names(window)).toEqual(["b"]);
  expect(window).toMatchObject({ total: 3, offset: 1, limit: 1 });
  expect(names(await roster.call(LOCAL, "users.list", { filter: { roles: ["viewer"] } }))).toEqual(["b"]);
  expect(names(await roster.call(LOCAL, "users.list", { filter: { deleted: true } }))).toEqual(["d"]);
  expect(await reasonOf(roster.call(LOCAL, "users.list", { filter: { roles: ["wizard"] } }))).toBe(-32602);
});

test("the same user is the same frozen object until something in it changes", async () => {
  const roster = await openTestDirectory();
  await roster.role("printer", ["app:print"]);
  await roster.user("ada", { roles: ["printer"] });
  const get = () => roster.call(LOCAL, "users.get", { user: "ada" });
  const first = await get();
  expect(await get()).toBe(first);
  expect(Object.isFrozen(first)).toBe(true);
  await roster.key("ada");
  expect((await get()).activeKeys).toBe(1);
  await roster.call(LOCAL, "settings.save", { user: "ada", settings: { studio: { grid: 1 } } });
  expect((await get()).settings).toEqual({ studio: { grid: 1 }, browse: {} });
  await roster.call(LOCAL, "presence.set", { user: "ada", status: "At Lunch" });
  expect((await get()).status).toMatchObject({ status: "At Lunch" });
  const changes = { name: "maker", permissions: ["app:make"] };
  await roster.call(LOCAL, "roles.update", { name: "printer", changes });
  expect(await get()).toMatchObject({ roles: ["maker"], permissions: ["app:make"] });
});

test("settings are seen by oneself and with settings.read only", async () => {
  const roster = await openTestDirectory();
  const ada = await roster.person("ada", ["viewer"]);
  const bob = await roster.person("bob", ["viewer"]);
  expect((await roster.call(ada.caller, "users.get", {})).settings).not.toBeNull();
  expect((await roster.call(bob.caller, "users.get", { user: "ada" })).settings).toBeNull();
  const key = await roster.key("ada", []);
  expect((await roster.call(key.caller, "users.get", {})).settings).toBeNull();
});
