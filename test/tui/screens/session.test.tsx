import { expect, test } from "vitest";
import { refusal } from "../../../protocol/index.ts";
import { anonymous, FakeDaemon, sessionOf } from "../fake-daemon.ts";
import { openApp, pageOf, roles, userOf } from "./open-app.tsx";

const answers = {
  "users.list": () => pageOf([userOf(1)]),
  "users.get": () => userOf(1),
  "roles.list": () => pageOf(roles),
};

test("a lost connection is said with a count-down, the rows stay, and it goes on by itself", async () => {
  const daemon = new FakeDaemon(answers);
  const app = openApp(daemon);
  await app.shows("1 user");
  daemon.down = true;
  daemon.cut();
  await app.shows(/Connection lost, trying again in \d+ s/);
  await app.shows("● stale");
  expect(app.frame()).toContain("user-1");
  daemon.down = false;
  await app.shows("● live");
  expect(app.frame()).not.toContain("Connection lost");
});

test("a daemon that is not there yet is waited for", async () => {
  const daemon = new FakeDaemon(answers);
  daemon.down = true;
  const app = openApp(daemon);
  await app.shows(/Not connected, trying again in \d+ s: nobody listens/);
  daemon.down = false;
  await app.shows("1 user");
});

test("the password is asked for again where the daemon wants it, and what was typed goes on", async () => {
  const daemon = new FakeDaemon({ ...answers, "auth.whoami": () => sessionOf("ada") });
  let proven = false;
  daemon.answers["users.create"] = () => {
    if (!proven) throw refusal("reauthenticationRequired", "prove your password again");
    return { user: userOf(2, { username: "grace" }) };
  };
  daemon.answers["auth.reauthenticate"] = ({ password }: { password: string }) => {
    if (password !== "right") throw refusal("invalidCredentials", "the password is wrong");
    proven = true;
    return sessionOf("ada");
  };
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type("n");
  await app.shows("Kind of account");
  app.type("grace");
  app.press("enter");
  await app.shows("Your password again");
  app.type("wrong");
  app.press("enter");
  await app.shows("the password is wrong");
  expect(app.frame()).toMatch(/User name\s+grace/);
  app.ctrl("u");
  app.type("right");
  app.press("enter");
  await app.shows("Users › user-1 › Profile");
  expect(daemon.asked("users.create")).toHaveLength(2);
  expect(app.session.snapshot.question).toBeNull();
});

test("whoever does not give the password again is told that nothing was done, and loses nothing", async () => {
  const daemon = new FakeDaemon(answers);
  daemon.answers["users.create"] = () => {
    throw refusal("reauthenticationRequired", "prove your password again");
  };
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type("n");
  await app.shows("Kind of account");
  app.type("grace");
  app.press("enter");
  await app.shows("Your password again");
  app.press("escape");
  await app.shows("prove your password again");
  expect(app.frame()).toMatch(/User name\s+grace/);
});

test("over TCP nobody connects before a person has typed a name and password", async () => {
  const daemon = new FakeDaemon({ ...answers, "auth.whoami": () => anonymous });
  daemon.answers["auth.login"] = ({ password }: { password: string }) => {
    if (password !== "right") throw refusal("invalidCredentials", "wrong user name or password");
    return { token: "rs_x", expiresAt: "2026-12-01T00:00:00.000Z", principal: sessionOf("ada") };
  };
  const app = openApp(daemon, { local: false });
  await app.shows("Sign in to /run/test.sock");
  expect(daemon.calls).toEqual([]);
  app.type("ada");
  app.press("enter");
  await app.shows(/Password\s+! is missing/);
  expect(daemon.calls).toEqual([]);
  app.press("tab");
  app.type("wrong");
  app.press("enter");
  await app.shows("wrong user name or password");
  app.ctrl("u");
  app.type("right");
  app.press("enter");
  await app.shows("1 user");
  expect(app.frame()).toContain("ada @ /run/test.sock");
});

test("whoever may not see users sees the own account", async () => {
  const daemon = new FakeDaemon({
    ...answers,
    "auth.whoami": () => sessionOf("user-1", { permissions: [] }),
  });
  const app = openApp(daemon);
  await app.shows("user-1 › Profile");
});

test("changes elsewhere that cannot be followed are said", async () => {
  const daemon = new FakeDaemon(answers);
  daemon.answers["events.subscribe"] = () => {
    throw refusal("busy", "too many subscriptions");
  };
  const app = openApp(daemon);
  await app.shows("Changes made elsewhere do not arrive here: too many subscriptions");
});

test("Ctrl-C asks where something typed would be lost, and only there", async () => {
  const daemon = new FakeDaemon(answers);
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type("n");
  await app.shows("Kind of account");
  app.type("grace");
  await expect
    .poll(() => {
      app.ctrl("c");
      return app.frame();
    })
    .toContain("Leave without saving the new user?");
  expect(app.onQuit).not.toHaveBeenCalled();
  app.press("tab");
  app.press("enter");
  expect(app.onQuit).toHaveBeenCalled();
});

test("Ctrl-C on the sign-in asks too where a form waits behind it", async () => {
  const daemon = new FakeDaemon({ ...answers, "auth.whoami": () => sessionOf("ada") });
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type("n");
  await app.shows("Kind of account");
  app.type("grace");
  await app.shows(/User name\s+grace/);
  daemon.answers["auth.whoami"] = () => anonymous;
  daemon.cut();
  await app.shows("Sign in to");
  app.ctrl("c");
  await app.shows("Leave without saving the new user?");
  expect(app.onQuit).not.toHaveBeenCalled();
  app.press("escape");
  await app.hides("Leave without saving");
  expect(app.frame()).toContain("Sign in to");
  app.ctrl("c");
  await app.shows("Leave without saving the new user?");
  app.press("tab");
  app.press("enter");
  expect(app.onQuit).toHaveBeenCalled();
});

test("? shows the keys, those that work here first, and the names; Esc leads back", async () => {
  const daemon = new FakeDaemon(answers);
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type("?");
  await app.shows("Keys and names, search:");
  const lines = app.lines();
  const lineOf = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
  expect(lineOf(/^\/ +filter +here/)).toBeGreaterThan(0);
  expect(lineOf(/^Ctrl-L .* everywhere/)).toBeGreaterThan(lineOf(/^\/ +filter +here/));
  app.type("all users");
  await app.shows(/:users +all users +by name/);
  app.ctrl("u");
  app.type("no such thing");
  await app.shows("Nothing has all these words");
  app.press("escape");
  await app.shows("1 user");
});

test("a password reset by somebody else meanwhile leads to the change, and what was typed waits behind it", async () => {
  const daemon = new FakeDaemon({ ...answers, "auth.whoami": () => sessionOf("ada") });
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type("n");
  await app.shows("Kind of account");
  app.type("grace");
  daemon.answers["auth.whoami"] = () => sessionOf("ada", { mustChangePassword: true });
  daemon.answers["users.create"] = () => {
    throw refusal("passwordChangeRequired", "change your password first");
  };
  daemon.answers["users.changePassword"] = () => ({});
  app.press("enter");
  await app.shows("Choose a new password");
  app.type("old");
  app.press("tab");
  app.type("new");
  app.press("tab");
  app.type("new");
  app.press("enter");
  await app.shows(/User name\s+grace/);
  expect(daemon.asked("users.changePassword")).toEqual([{ currentPassword: "old", newPassword: "new" }]);
});
