import { expect, test } from "vitest";
import { openTui, password, startDirectory } from "./directory.ts";

test("over TCP one signs in with the password; a wrong one is said, and nothing typed is shown", async () => {
  const { daemon } = await startDirectory();
  const terminal = openTui("--url", daemon.url);
  await terminal.shows("Sign in to");
  terminal.fill("ada", "a-wrong-password");
  terminal.press("signIn");
  await terminal.shows(/wrong|not accepted|credentials/i);

  terminal.clear();
  terminal.type(password);
  terminal.press("signIn");
  await terminal.shows("1 user");
  await terminal.shows("ada @ ");
  expect(terminal.written).not.toContain(password);
});

test("a password set by somebody else has to be changed before anything else works", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.create", { username: "grace", password: "the-first-password", roles: ["operator"] });
  const terminal = openTui("--url", daemon.url);
  await terminal.shows("Sign in to");
  terminal.fill("grace", "the-first-password");
  terminal.press("signIn");
  await terminal.shows("Choose a new password");

  terminal.fill("the-first-password", "my-own-long-secret", "my-own-wrong-secret");
  terminal.press("submit");
  await terminal.shows("is not the same as the new password");
  terminal.clear();
  terminal.type("my-own-long-secret");
  terminal.press("submit");
  await terminal.shows("2 users");
  expect(await tool.call("users.get", { user: "grace" })).toMatchObject({ mustChangePassword: false });
});

test("one signs in with an API key instead, and sees what the key may", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.create", { username: "robot", type: "service", roles: ["viewer"] });
  const { secret } = await tool.call("keys.create", { user: "robot", name: "board" });
  const terminal = openTui("--url", daemon.url);
  await terminal.shows("Sign in to");
  terminal.press("otherProof");
  await terminal.shows("API key");
  terminal.type(secret);
  terminal.press("signIn");
  await terminal.shows("robot (key) @ ");
  await terminal.shows("2 users");
  expect(terminal.written).not.toContain(secret);
});

test("a session that was ended leads back to the sign-in, and then on to where one was", async () => {
  const { daemon, tool } = await startDirectory();
  const terminal = openTui("--url", daemon.url);
  await terminal.shows("Sign in to");
  terminal.fill("ada", password);
  terminal.press("signIn");
  await terminal.shows("1 user");
  terminal.press("create");
  await terminal.shows("Kind of account");
  terminal.fill("half-typed");

  await tool.call("users.resetPassword", {
    user: "ada",
    password: "another-long-secret",
    mustChangePassword: false,
  });
  await terminal.shows("Sign in to");
  terminal.fill("ada", "another-long-secret");
  terminal.press("signIn");
  await terminal.shows(/User name\s+half-typed/);
});
