import { expect, test } from "vitest";
import type { Role } from "../../../protocol/index.ts";
import { parseRoleFilter, roleSorts, roleStretch } from "../../../tui/screens/role-list.ts";

const all: Role[] = [
  ["admin", 1, ["audit.read", "users.read"]],
  ["printer", 7, ["octoprint:print"]],
  ["viewer", 3, ["presence.read", "users.read", "keys.manage"]],
].map(([name, assigned, permissions]) => ({
  name: name as string,
  description: `The ${name}`,
  permissions: permissions as string[],
  builtIn: false,
  assigned: assigned as number,
  revision: 1,
}));

function names(line: string, sort = roleSorts[0], stretch = { offset: 0, limit: 50 }) {
  const parsed = parseRoleFilter(line);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return roleStretch(all, { filter: parsed.filter, sort }, stretch).items.map(({ name }) => name);
}

test("roles are looked for by a part of name, description or permission, whatever the case", () => {
  expect(names("PRINT")).toEqual(["printer"]);
  expect(names("the view")).toEqual(["viewer"]);
  expect(names("users.read")).toEqual(["admin", "viewer"]);
});

test("roles are in the order of their names, of how many have them, or of how much they permit", () => {
  expect(roleSorts.map((sort) => names("", sort))).toEqual([
    ["admin", "printer", "viewer"],
    ["printer", "viewer", "admin"],
    ["viewer", "admin", "printer"],
  ]);
});

test("a stretch is what was asked for, with the count of all, and around a role holds it", () => {
  const query = { filter: {}, sort: roleSorts[0] };
  expect(roleStretch(all, query, { offset: 1, limit: 1 })).toMatchObject({
    offset: 1,
    total: 3,
    items: [{ id: "printer" }],
  });
  const { items } = roleStretch(all, query, { offset: 0, limit: 2, around: "viewer" });
  expect(items.map(({ id }) => id)).toContain("viewer");
});
