import { expect, test } from "vitest";
import { FakeDaemon } from "../fake-daemon.ts";
import { openApp, pageOf, roles, userOf } from "./open-app.tsx";

async function openForm(daemon: FakeDaemon) {
  daemon.answers["users.list"] = () => pageOf([userOf(1)]);
  daemon.answers["users.get"] = () => userOf(2);
  daemon.answers["roles.list"] = () => pageOf(roles);
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type("n");
  await app.shows("Kind of account");
  return app;
}

test("a name that the contract does not take is said beside it, before the daemon is asked", async () => {
  const daemon = new FakeDaemon();
  const app = await openForm(daemon);
  app.type("no spaces");
  app.press("enter");
  await app.shows("! must be 1 to 64 of a-z");
  expect(daemon.asked("users.create")).toEqual([]);
  expect(app.frame()).toMatch(/User name\s+no spaces/);
});

test("a typed first password is judged while it is typed, and the account may end", async () => {
  const daemon = new FakeDaemon({ "users.create": () => ({ user: userOf(2) }) });
  const app = await openForm(daemon);
  app.type("grace");
  for (let field = 0; field < 4; field++) app.press("tab");
  app.press("right");
  await app.shows("First password");
  app.press("tab");
  app.type("password");
  await app.shows("Strength: very weak");
  app.type(" of a horse that reads");
  await app.shows(/Strength: (good|strong)/);
  app.press("tab");
  app.type("2027-01-31T12:00:00Z");
  app.press("enter");
  await app.shows("Users › user-2 › Profile");
  expect(daemon.asked("users.create")).toEqual([
    {
      username: "grace",
      fullName: "",
      roles: [],
      type: "normal",
      validUntil: "2027-01-31T12:00:00.000Z",
      password: "password of a horse that reads",
    },
  ]);
});
