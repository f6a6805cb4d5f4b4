import { expect, test } from "vitest";
import { type Params, refusal, type User } from "../../../protocol/index.ts";
import { createCoalescer } from "../../../tui/coalesce.ts";
import { FakeDaemon } from "../fake-daemon.ts";
import { openApp, pageOf, userOf } from "./open-app.tsx";

type Query = Params<"users.list">;

/** A directory of so many users in the order of their numbers, as `users.list` answers. */
function directory(count: number) {
  const users = Array.from({ length: count }, (_, index) => userOf(index + 1));
  const list = ({ filter = {}, offset = 0, limit = 50, around }: Query) => {
    if (filter.roles?.includes("admin")) return pageOf([userOf(1)]);
    if (filter.roles?.includes("nobody")) throw refusal("notFound", "there is no role nobody");
    const found = users.filter((user) => user.username.includes(filter.text ?? ""));
    const at = found.findIndex((user) => user.id === around);
    const start = at === -1 ? offset : at - (at % limit);
    return { items: found.slice(start, start + limit), total: found.length, offset: start, limit };
  };
  return { users, daemon: new FakeDaemon({ "users.list": list }) };
}

test("of 100,000 users only the stretch around the view is read", async () => {
  const { daemon } = directory(100_000);
  const app = openApp(daemon);
  await app.shows("100,000 users");
  app.type("G");
  await app.shows(/› active\s+user-100000 /);
  app.type("g");
  await app.shows(/› active\s+user-1 /);
  for (const params of daemon.asked("users.list") as Query[]) expect(params.limit).toBeLessThanOrEqual(500);
  expect(daemon.asked("users.list").length).toBeLessThan(8);
});

test("twenty keys in one go move twenty rows", async () => {
  const { daemon } = directory(100);
  const app = openApp(daemon);
  await app.shows("100 users");
  app.type("j".repeat(20));
  await app.shows(/› active\s+user-21 /);
});

test("the filter narrows the list while it is typed; Esc shows all again", async () => {
  const { daemon } = directory(100);
  const app = openApp(daemon);
  await app.shows("100 users");
  app.type("/user-9");
  await app.shows("11 found");
  app.press("enter");
  app.type("j");
  await app.shows(/› active\s+user-90 /);
  app.press("escape");
  await app.shows("100 users");
});

test("what is wrong with a filter is said, and the list stays", async () => {
  const { daemon } = directory(3);
  const app = openApp(daemon);
  await app.shows("3 users");
  app.type("/colour:red");
  await app.shows("There is no field colour");
  expect(app.frame()).toContain("user-3");
  app.press("escape");
  app.type("/role:nobody");
  await app.shows("there is no role nobody");
});

test("s goes through the sort orders and marks the column", async () => {
  const { daemon } = directory(3);
  const app = openApp(daemon);
  await app.shows("User name ▴");
  app.type("s");
  await app.shows("User name ▾");
  app.type("s");
  await app.shows("Full name ▴");
  await expect
    .poll(() => daemon.asked("users.list"))
    .toContainEqual(expect.objectContaining({ sort: { by: "fullName", order: "asc" } }));
});

test("a change elsewhere keeps the selected user selected, on its line", async () => {
  const { daemon, users } = directory(30);
  const app = openApp(daemon);
  await app.shows("30 users");
  app.type("jjjjj");
  await app.shows(/› active\s+user-6 /);
  const line = app.lines().findIndex((text) => text.includes("›"));

  users.unshift(userOf(900), userOf(901));
  daemon.emit("user.created");
  await app.shows("32 users");
  expect(app.frame()).toMatch(/› active\s+user-6 /);
  expect(app.lines().findIndex((text) => text.includes("›"))).toBe(line);
});

test("a flood of changes leads to few readings", async () => {
  const { daemon } = directory(30);
  const app = openApp(daemon);
  await app.shows("30 users");
  const before = daemon.asked("users.list").length;
  for (let change = 0; change < 1000; change++) daemon.emit("user.updated");
  await expect.poll(() => daemon.asked("users.list").length).toBeGreaterThan(before);
  expect(daemon.asked("users.list").length - before).toBeLessThan(5);
});

test("a list behind another screen reads nothing, and what it missed when it is seen again", async () => {
  const { daemon, users } = directory(30);
  const app = openApp(daemon);
  await app.shows("30 users");
  app.type("?");
  await app.shows("Help");
  // What a list asks for because of a change that it has heard is asked for before this.
  const gathered = () => new Promise<void>((resolve) => createCoalescer(async () => resolve()).request());
  await gathered();
  const before = daemon.asked("users.list").length;
  users.unshift(userOf(900));
  daemon.emit("user.created");
  await app.session.call("auth.whoami", {});
  await gathered();
  expect(daemon.asked("users.list").length).toBe(before);
  app.press("escape");
  await app.shows("31 users");
});

test("while a question is open no key reaches the list behind it", async () => {
  const { daemon } = directory(30);
  daemon.answers["users.disable"] = () => {
    throw refusal("reauthenticationRequired", "prove your password again");
  };
  const app = openApp(daemon);
  await app.shows("30 users");
  app.type("x");
  await app.shows("Your password again");
  app.press("pageDown");
  app.press("escape");
  await app.hides("Your password again");
  expect(app.frame()).toMatch(/› active\s+user-1 /);
});

test("a range that is longer than what is read is marked before anything is done to it", async () => {
  const { daemon } = directory(1000);
  const app = openApp(daemon);
  await app.shows("1,000 users");
  app.type("vG");
  await app.shows("range of 1,000");
  app.type("x");
  await app.shows("The range is longer than what is read");
  expect(app.frame()).not.toContain("Disable");
  app.type("v");
  await app.shows("1,000 marked");
  app.type("x");
  await app.shows("Disable 1,000 users?");
});

test("what can be done more is found by a, and the menu's keys are those of a list", async () => {
  const { daemon } = directory(2);
  daemon.answers["keys.revokeAll"] = () => ({ revoked: 2 });
  const app = openApp(daemon);
  await app.shows("2 users");
  app.type("aG");
  await app.shows("› Delete");
  app.type("gG");
  app.press("up");
  app.press("up");
  await app.shows("› Revoke all keys");
  app.press("enter");
  await app.shows("Revoke all keys of user-1?");
  app.press("tab");
  app.press("enter");
  await app.shows("user-1 has no live key");
  expect(daemon.asked("keys.revokeAll")).toEqual([{ user: userOf(1).id }]);
});

test("x disables and u undoes it", async () => {
  const { daemon, users } = directory(2);
  const set = (active: boolean) => (): User => {
    const changed = { ...userOf(1), active };
    users[0] = changed;
    return changed;
  };
  daemon.answers["users.disable"] = set(false);
  daemon.answers["users.update"] = set(true);
  const app = openApp(daemon);
  await app.shows("2 users");
  app.type("x");
  await app.shows(/› disabled\s+user-1 /);
  await app.shows("u undoes it");
  app.type("u");
  await app.shows(/› active\s+user-1 /);
  expect(daemon.asked("users.update")).toEqual([
    { user: userOf(1).id, changes: { active: true }, ifRevision: 1 },
  ]);
});

test("what is refused says why", async () => {
  const { daemon } = directory(2);
  daemon.answers["users.disable"] = () => {
    throw refusal("lastAdministrator", "user-1 is the last administrator: make another one first");
  };
  const app = openApp(daemon);
  await app.shows("2 users");
  app.type("x");
  await app.shows("user-1 is the last administrator: make another one first");
});

test("deleting wants the user name typed, and is not confirmed by the key that asked", async () => {
  const { daemon } = directory(2);
  daemon.answers["users.delete"] = () => userOf(1);
  const app = openApp(daemon);
  await app.shows("2 users");
  app.type("d");
  await app.shows("Delete user-1?");
  app.press("tab");
  app.press("tab");
  app.press("enter");
  expect(daemon.asked("users.delete")).toEqual([]);
  app.press("tab");
  app.type("user-1");
  app.press("tab");
  app.press("tab");
  app.press("enter");
  await app.shows("user-1 is deleted");
  expect(daemon.asked("users.delete")).toEqual([{ user: userOf(1).id, ifRevision: 1 }]);
});

test("hostile text from the daemon never reaches the terminal as control", async () => {
  const { daemon, users } = directory(1);
  users[0] = userOf(1, { fullName: "\u001B]0;owned\u0007\u202Eevil", roles: ["\u001B[2J"] });
  const app = openApp(daemon);
  await app.shows("evil");
  expect(app.frame()).not.toMatch(/\u001B\]|\u001B\[2J|\u202E/);
});

test.each([
  { columns: 60, rows: 15 },
  { columns: 80, rows: 24 },
  { columns: 100, rows: 50 },
])("it fits a terminal of $columns x $rows", async ({ columns, rows }) => {
  const { daemon } = directory(100);
  const app = openApp(daemon, { columns, rows });
  await app.shows("100 users");
  const lines = app.lines();
  expect(lines).toHaveLength(rows);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  expect(lines.at(-1)).toContain("Enter open");
});

test("q at the root quits, Esc does not", async () => {
  const { daemon } = directory(1);
  const app = openApp(daemon);
  await app.shows("1 user");
  app.press("escape");
  expect(app.onQuit).not.toHaveBeenCalled();
  app.type("q");
  expect(app.onQuit).toHaveBeenCalled();
});
