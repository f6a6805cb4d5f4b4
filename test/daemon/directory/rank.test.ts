import { expect, test } from "vitest";
import { LOCAL, openTestDirectory, PASSWORD, reasonOf, type TestDirectory } from "./test-directory.ts";

/** Whoever manages roles and users, and holds nothing else. */
async function manager(roster: TestDirectory) {
  await roster.role("manager", ["roles.manage", "users.read", "users.update", "users.create"]);
  return roster.person("max", ["manager"]);
}

test("nobody makes a role, or adds to one, what they do not hold", async () => {
  const roster = await openTestDirectory();
  const { caller } = await manager(roster);
  await roster.role("printer", ["users.read"]);
  const create = { name: "backdoor", permissions: ["users.read", "system.manage"] };
  await expect(roster.call(caller, "roles.create", create)).rejects.toMatchObject({
    code: 403,
    data: { reason: "outranked", permissions: ["system.manage"] },
  });
  const widen = { name: "printer", changes: { permissions: ["users.read", "audit.read"] } };
  expect(await reasonOf(roster.call(caller, "roles.update", widen))).toBe("outranked");
  const own = { name: "manager", changes: { permissions: ["roles.manage", "keys.manage"] } };
  expect(await reasonOf(roster.call(caller, "roles.update", own))).toBe("outranked");
  await roster.call(caller, "roles.create", { name: "reader", permissions: ["users.read"] });
});

test("a role that somebody of higher rank has is not changed, however little it holds", async () => {
  const roster = await openTestDirectory();
  const { caller } = await manager(roster);
  await roster.role("printer", ["octoprint:print"]);
  await roster.user("root", { password: PASSWORD, roles: ["admin", "printer"] });
  for (const changes of [{ permissions: [] }, { name: "x" }, { description: "x" }]) {
    expect(await reasonOf(roster.call(caller, "roles.update", { name: "printer", changes }))).toBe(
      "outranked",
    );
  }
  await roster.call(LOCAL, "users.update", { user: "root", changes: { roles: ["admin"] } });
  await roster.call(caller, "roles.update", { name: "printer", changes: { permissions: [] } });
});

test("a deleted holder counts: whoever comes back finds what they had", async () => {
  const roster = await openTestDirectory();
  const { caller } = await manager(roster);
  await roster.role("printer", ["octoprint:print"]);
  await roster.user("op", { roles: ["operator", "printer"] });
  await roster.call(LOCAL, "users.delete", { user: "op" });
  const update = { name: "printer", changes: { permissions: [] } };
  expect(await reasonOf(roster.call(caller, "roles.update", update))).toBe("outranked");
});

test("one of many who have the role is enough to outrank", async () => {
  const roster = await openTestDirectory();
  const { caller } = await manager(roster);
  await roster.role("printer", ["octoprint:print"]);
  for (const name of ["a", "b", "c"]) await roster.user(name, { roles: ["printer"] });
  await roster.user("z", { roles: ["printer", "operator"] });
  const update = { name: "printer", changes: { permissions: [] } };
  expect(await reasonOf(roster.call(caller, "roles.update", update))).toBe("outranked");
});

test("an application's permission is granted by whoever manages roles, or holds it", async () => {
  const roster = await openTestDirectory();
  const { caller } = await manager(roster);
  await roster.call(caller, "roles.create", { name: "printer", permissions: ["octoprint:print"] });
  await roster.user("bob");
  await roster.call(caller, "users.update", { user: "bob", changes: { roles: ["printer"] } });

  await roster.role("clerk", ["users.update", "users.create"]);
  const clerk = await roster.person("clara", ["clerk"]);
  const holder = await roster.person("hans", ["clerk", "printer"]);
  const create = (username: string) => ({ username, roles: ["printer"] });
  expect(await reasonOf(roster.call(clerk.caller, "users.create", create("one")))).toBe("outranked");
  await roster.call(holder.caller, "users.create", create("two"));
});

test("a key ranks by its own list when it changes a role, its owner's own included", async () => {
  const roster = await openTestDirectory();
  await roster.role("printer", ["users.read", "users.create"]);
  await roster.user("root", { password: PASSWORD, roles: ["admin", "printer"] });
  const key = await roster.key("root", ["roles.manage", "users.read"]);
  const update = { name: "printer", changes: { permissions: [] } };
  expect(await reasonOf(roster.call(key.caller, "roles.update", update))).toBe("outranked");
  const create = { name: "maker", permissions: ["users.create"] };
  expect(await reasonOf(roster.call(key.caller, "roles.create", create))).toBe("outranked");
});

test("a right lost before the transaction runs is lost for roles too", async () => {
  const roster = await openTestDirectory();
  const { caller } = await manager(roster);
  const [, answer] = await Promise.all([
    roster.call(LOCAL, "roles.update", { name: "manager", changes: { permissions: ["users.read"] } }),
    reasonOf(roster.call(caller, "roles.create", { name: "late", permissions: [] })),
  ]);
  expect(answer).toBe("forbidden");
});
