import { expect, test } from "vitest";
import { builtInRoles, ownPermissions } from "../../../protocol/index.ts";
import { LOCAL, openTestDirectory, PASSWORD, reasonOf, refusalOf } from "./test-directory.ts";

test("a new directory has the built-in roles, and they count who has them", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { roles: ["viewer"] });
  const { items, total } = await roster.call(LOCAL, "roles.list", {});
  expect(items.map(({ name, builtIn, assigned }) => [name, builtIn, assigned])).toEqual([
    ["admin", true, 0],
    ["designer", true, 0],
    ["operator", true, 0],
    ["viewer", true, 1],
  ]);
  expect(total).toBe(4);
  expect(items[0]?.permissions).toEqual([...ownPermissions].sort());
  expect((await roster.call(LOCAL, "roles.list", { offset: 1, limit: 1 })).items).toMatchObject([
    { name: "designer" },
  ]);
});

test("the permissions are Roster's with descriptions, then the applications' in use", async () => {
  const roster = await openTestDirectory();
  await roster.role("printer", ["octoprint:print", "users.read"]);
  const { permissions } = await roster.call(LOCAL, "roles.permissions", {});
  expect(permissions.map(({ name }) => name)).toEqual([...ownPermissions, "octoprint:print"]);
  expect(permissions.every(({ description }) => description.length > 0)).toBe(true);
});

test("a directory made by an older version has administrators who may do what is new", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("root", ["admin"]);
  const role = await roster.store.role("admin");
  if (!role) throw new Error("there is no role admin");
  const nobody = { kind: "system", id: null, name: null, address: null } as const;
  await roster.store.transaction(nobody, async (tx) => {
    tx.put("roles", { ...role, permissions: ["users.read"] });
    tx.entry("role.updated", null);
  });
  const me = await roster.call(caller, "auth.whoami", {});
  expect(me.permissions).toEqual([...ownPermissions].sort());
  const { items } = await roster.call(caller, "roles.list", { limit: 1 });
  expect(items).toMatchObject([{ name: "admin", permissions: [...ownPermissions].sort() }]);
  await roster.user("op", { roles: ["operator"], password: PASSWORD });
  const promote = { user: "op", changes: { roles: ["admin"] } };
  const op = await roster.login("op");
  expect(await reasonOf(roster.call(op, "users.update", promote))).toBe("outranked");
});

test("a role is made, changed and deleted, and everybody with users.read hears of it", async () => {
  const roster = await openTestDirectory();
  const made = await roster.call(LOCAL, "roles.create", {
    name: "Printer",
    description: "May print",
    permissions: ["octoprint:print", "users.read", "users.read"],
  });
  expect(made).toEqual({
    name: "printer",
    description: "May print",
    permissions: ["octoprint:print", "users.read"],
    builtIn: false,
    assigned: 0,
    revision: 1,
  });
  const changes = { permissions: ["octoprint:print"], description: "May print" };
  const updated = await roster.call(LOCAL, "roles.update", { name: "printer", changes });
  expect(updated).toEqual({ ...made, permissions: ["octoprint:print"], revision: 2 });
  expect(await roster.call(LOCAL, "roles.update", { name: "printer", changes })).toEqual(updated);
  expect(await roster.call(LOCAL, "roles.delete", { name: "printer" })).toEqual(updated);
  expect(await reasonOf(roster.call(LOCAL, "roles.delete", { name: "printer" }))).toBe("notFound");
  expect(await reasonOf(roster.call(LOCAL, "roles.update", { name: "printer", changes }))).toBe("notFound");
  const told = await roster.entriesOf("role.created", "role.updated", "role.deleted");
  expect(told.map(({ type, subject, data }) => [type, subject?.name, data])).toEqual([
    ["role.created", "printer", { role: made }],
    ["role.updated", "printer", { role: updated, changed: ["permissions"] }],
    ["role.deleted", "printer", { role: updated }],
  ]);
});

test("a renamed role is still everybody's who had it", async () => {
  const roster = await openTestDirectory();
  await roster.role("printer", ["octoprint:print"]);
  const { caller } = await roster.person("ada", ["printer"]);
  await roster.call(LOCAL, "roles.update", { name: "printer", changes: { name: "maker" } });
  expect(await roster.call(LOCAL, "users.get", { user: "ada" })).toMatchObject({ roles: ["maker"] });
  expect(await roster.call(caller, "auth.whoami", {})).toMatchObject({
    roles: ["maker"],
    permissions: ["octoprint:print"],
  });
  expect(await reasonOf(roster.call(LOCAL, "users.create", { username: "b", roles: ["printer"] }))).toBe(
    -32602,
  );
  await roster.role("printer", []);
  await roster.restart();
  expect(await roster.call(LOCAL, "users.get", { user: "ada" })).toMatchObject({ roles: ["maker"] });
});

test("what a changed role permits holds for the next request of those who have it", async () => {
  const roster = await openTestDirectory();
  await roster.role("reader", ["users.read"]);
  const { caller } = await roster.person("ada", ["reader"]);
  const key = await roster.key("ada");
  for (const by of [caller, key.caller]) await roster.call(by, "users.list", {});
  await roster.call(LOCAL, "roles.update", { name: "reader", changes: { permissions: [] } });
  for (const by of [caller, key.caller]) {
    expect(await reasonOf(roster.call(by, "users.list", {}))).toBe("forbidden");
  }
});

test("the role admin can be neither changed nor deleted; the other built-in ones are defaults to edit", async () => {
  const roster = await openTestDirectory();
  const rename = { name: "admin", changes: { name: "boss" } };
  expect(await reasonOf(roster.call(LOCAL, "roles.update", rename))).toBe("invalidState");
  expect(await reasonOf(roster.call(LOCAL, "roles.delete", { name: "admin" }))).toBe("invalidState");
  const changes = { permissions: ["users.read"], name: "onlooker" };
  expect(await roster.call(LOCAL, "roles.update", { name: "viewer", changes })).toMatchObject({
    builtIn: true,
    permissions: ["users.read"],
  });
  await roster.call(LOCAL, "roles.delete", { name: "onlooker" });
  await roster.restart();
  const { items } = await roster.call(LOCAL, "roles.list", {});
  expect(items.map(({ name }) => name)).toEqual(["admin", "designer", "operator"]);
});

test("a role is not deleted while anybody has it, a deleted user included", async () => {
  const roster = await openTestDirectory();
  await roster.role("printer", []);
  for (const username of ["ada", "bob"]) await roster.user(username, { roles: ["printer"] });
  await roster.call(LOCAL, "users.delete", { user: "ada" });
  const refused = await refusalOf(roster.call(LOCAL, "roles.delete", { name: "printer" }));
  expect(refused).toMatchObject({ code: 409, reason: "inUse", data: { count: 2 } });
  await roster.call(LOCAL, "users.update", { user: "bob", changes: { roles: [] } });
  const again = await refusalOf(roster.call(LOCAL, "roles.delete", { name: "printer" }));
  expect(again).toMatchObject({ reason: "inUse", data: { count: 1 } });
});

test("two who make or rename a role to the same name at once get one", async () => {
  const roster = await openTestDirectory();
  await roster.role("spare", []);
  const create = { name: "printer", permissions: [] };
  const answers = await Promise.all(
    [
      roster.call(LOCAL, "roles.create", create),
      roster.call(LOCAL, "roles.create", create),
      roster.call(LOCAL, "roles.update", { name: "spare", changes: { name: "printer" } }),
    ].map((call) => call.then(() => "ok").catch((error) => error.reason)),
  );
  expect(answers.sort()).toEqual(["alreadyExists", "alreadyExists", "ok"]);
});

test("a stale revision changes nothing and tells the current one", async () => {
  const roster = await openTestDirectory();
  await roster.role("printer", []);
  const update = (ifRevision: number, description: string) =>
    roster.call(LOCAL, "roles.update", { name: "printer", changes: { description }, ifRevision });
  await update(1, "one");
  expect(await refusalOf(update(1, "two"))).toMatchObject({ code: 412, data: { revision: 2 } });
  expect(await update(2, "two")).toMatchObject({ description: "two", revision: 3 });
});

test("there are 1,000 roles at most", async () => {
  const roster = await openTestDirectory();
  const more = Array.from({ length: 1000 - builtInRoles.length }, (_, index) => `role-${index}`);
  await Promise.all(more.map((name) => roster.role(name, [])));
  const refused = await reasonOf(roster.call(LOCAL, "roles.create", { name: "over", permissions: [] }));
  expect(refused).toBe("invalidState");
  await roster.call(LOCAL, "roles.delete", { name: "role-0" });
  await roster.role("over", []);
});

test("a permission is Roster's or an application's, and nothing else", async () => {
  const roster = await openTestDirectory();
  for (const permission of ["users.everything", "*", "toString", "octoprint:", ":print", "octo print:x"]) {
    await expect(
      roster.call(LOCAL, "roles.create", { name: "printer", permissions: [permission] }),
    ).rejects.toThrow("must be one of Roster's permissions");
  }
});
