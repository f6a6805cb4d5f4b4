import { expect, test } from "vitest";
import { refusal } from "../../../protocol/index.ts";
import { FakeDaemon, sessionOf } from "../fake-daemon.ts";
import { openApp, pageOf, userOf } from "./open-app.tsx";

test("whoever signed in changes the own password, from the own profile only", async () => {
  const daemon = new FakeDaemon({
    "auth.whoami": () => sessionOf("user-1"),
    "users.list": () => pageOf([userOf(1), userOf(2)]),
    "users.get": ({ user }: { user?: string }) => (user === userOf(2).id ? userOf(2) : userOf(1)),
    "users.changePassword": () => {
      throw refusal("invalidCredentials", "the current password is another one");
    },
  });
  const app = openApp(daemon);
  await app.shows("2 users");
  app.type("j");
  app.press("enter");
  await app.shows("user-2 › Profile");
  app.type("P");
  expect(app.frame()).not.toContain("change my password");
  app.press("escape");
  app.type("k");
  app.press("enter");
  await app.shows("user-1 › Profile");
  app.type("P");
  await app.shows("It ends your other sessions");
  app.type("wrong");
  app.press("tab");
  app.type("a new horse battery");
  app.press("tab");
  app.type("a new horse batterie");
  app.press("enter");
  await app.shows("! is not the same as the new password");
  app.press("backspace");
  app.press("backspace");
  app.type("y");
  app.press("enter");
  await app.shows("! the current password is another one");
  daemon.answers["users.changePassword"] = () => ({});
  app.press("enter");
  await app.shows("user-1 › Profile");
  expect(daemon.asked("users.changePassword").at(-1)).toEqual({
    currentPassword: "wrong",
    newPassword: "a new horse battery",
  });
});
