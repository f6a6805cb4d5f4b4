import { expect, test } from "vitest";
import { ownPermissions } from "../../../protocol/index.ts";
import { LOCAL, openTestDirectory } from "./test-directory.ts";

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
