import { expect, test } from "vitest";
import { refusal } from "../../../protocol/index.ts";
import { anonymous, FakeDaemon, sessionOf } from "../fake-daemon.ts";
import { openApp, pageOf, userOf } from "./open-app.tsx";

function directory() {
  return new FakeDaemon({
    "auth.whoami": () => sessionOf("ada"),
    "users.list": () => pageOf([userOf(1), userOf(2)]),
    "users.get": ({ user }: { user?: string }) => {
      if (user === "nobody") throw refusal("notFound", "there is no user nobody");
      return userOf(2, { username: "ann" });
    },
  });
}

test(": goes to a user by name, and q leads back to the users", async () => {
  const app = openApp(directory());
  await app.shows("2 users");
  app.type(":");
  await app.shows("Go to");
  app.type("user ann");
  app.press("enter");
  await app.shows("Users › ann › Profile");
  app.type("q");
  await app.shows("2 users");
});

test.each([
  { key: ":", title: "Go to" },
  { key: "?", title: "Help" },
])("where $key has letters go into a text, the footer offers no letters", async ({ key, title }) => {
  const app = openApp(directory());
  await app.shows("2 users");
  app.type(key);
  await app.shows(title);
  await app.shows("Down next row  Up previous row");
});

test("Enter on a name that wants another completes it first", async () => {
  const app = openApp(directory());
  await app.shows("2 users");
  app.type(":us");
  app.press("down");
  app.press("enter");
  await app.shows(": user");
  app.type("ann");
  app.press("enter");
  await app.shows("Users › ann › Profile");
});

test("a name that nobody has is said, and the line stays to be mended", async () => {
  const app = openApp(directory());
  await app.shows("2 users");
  app.type(":user nobody");
  app.press("enter");
  await app.shows("there is no user nobody");
  expect(app.frame()).toContain(": user nobody");
});

test("Esc closes it without asking about what is typed below", async () => {
  const app = openApp(directory());
  await app.shows("2 users");
  app.type(":");
  await app.shows("Go to");
  app.type("q");
  await app.shows(/› quit/);
  app.press("escape");
  await app.shows("2 users");
});

test("signing out leads to the sign-in and leaves nothing behind", async () => {
  const daemon = directory();
  daemon.answers["auth.logout"] = () => {
    daemon.answers["auth.whoami"] = () => anonymous;
    return {};
  };
  const app = openApp(daemon);
  await app.shows("2 users");
  app.type(":sign");
  app.press("enter");
  await app.shows("Sign in to /run/test.sock");
  expect(daemon.asked("auth.logout")).toHaveLength(1);
  expect(app.session.snapshot.principal).toBeNull();
});
