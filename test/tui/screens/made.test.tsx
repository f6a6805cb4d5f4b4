import { expect, test } from "vitest";
import type { ApiKey, Params } from "../../../protocol/index.ts";
import { FakeDaemon } from "../fake-daemon.ts";
import { idOf, keyOf, openApp, pageOf, roles, userOf } from "./open-app.tsx";

test("the user who was just made is the selected row, however far down the list", async () => {
  const users = Array.from({ length: 900 }, (_, index) => userOf(index + 1));
  const daemon = new FakeDaemon({
    "roles.list": () => pageOf(roles),
    "users.get": () => userOf(777),
    "users.create": () => {
      users.splice(600, 0, userOf(5000, { username: "made" }));
      return { user: userOf(5000, { username: "made" }) };
    },
    "users.list": ({ offset = 0, limit = 50, around }: Params<"users.list">) => {
      const at = users.findIndex(({ id }) => id === around);
      const start = at === -1 ? offset : at - (at % limit);
      return pageOf(users.slice(start, start + limit), users.length, start);
    },
  });
  const app = openApp(daemon);
  await app.shows("900 users");
  app.type("nmade");
  app.press("enter");
  await app.shows("Profile");
  app.press("escape");
  await app.shows(/› active\s+made /);
  await app.shows(/user-600 /);
  app.type("j");
  await app.shows(/› active\s+user-601 /);
});

test("the key that was just made is the selected row of its owner's", async () => {
  const keys: ApiKey[] = [keyOf(1), keyOf(2)];
  const daemon = new FakeDaemon({
    "users.list": () => pageOf([userOf(1)]),
    "users.get": () => userOf(1),
    "keys.list": () => pageOf(keys),
    "keys.create": ({ name }: { name: string }) => {
      keys.push({ ...keyOf(3), name });
      return { key: { ...keyOf(3), name }, secret: "rk_made" };
    },
  });
  const app = openApp(daemon);
  await app.shows("1 user");
  app.press("enter");
  await app.shows("Profile");
  app.press("tab");
  await app.shows("key-2");
  app.type("nbackup");
  app.press("enter");
  await app.shows("rk_made");
  app.press("enter");
  await app.shows(/› .*backup/);
  app.type("k");
  await app.shows(/› .*key-2/);
});

test("the role that was just made is the selected row", async () => {
  const held = [...roles];
  const daemon = new FakeDaemon({
    "users.list": () => pageOf([userOf(1)]),
    "roles.list": () => pageOf(held),
    "roles.permissions": () => ({ permissions: [] }),
    "roles.create": ({ name }: { name: string }) => {
      const [first] = roles;
      const made = { ...(first as (typeof roles)[0]), name };
      held.splice(1, 0, made);
      return made;
    },
  });
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type(":roles");
  app.press("enter");
  await app.shows("2 roles");
  app.type("nmiddle");
  app.press("enter");
  await app.shows("Roles › middle");
  app.press("escape");
  await app.shows(/› middle/);
});

test("a new user whom the filter hides moves nothing", async () => {
  const daemon = new FakeDaemon({
    "roles.list": () => pageOf(roles),
    "users.get": () => userOf(2),
    "users.create": () => ({ user: userOf(9) }),
    "users.list": () => pageOf([userOf(1), userOf(2), userOf(3)]),
  });
  const app = openApp(daemon);
  await app.shows("3 users");
  app.type("jnanother");
  app.press("enter");
  await app.shows("Profile");
  app.press("escape");
  await app.shows(/› active\s+user-2 /);
  expect(daemon.asked("users.list")).toContainEqual(expect.objectContaining({ around: idOf(9) }));
});
