import { expect, test } from "vitest";
import { connect, openTui, password, startDaemon, startDirectory } from "./directory.ts";

test("the first administrator is made over the socket, told what is wrong with a weak password", async () => {
  const daemon = await startDaemon();
  const terminal = openTui("--socket", daemon.socket);
  await terminal.shows("Make the first administrator");

  terminal.fill("ada", "Ada Lovelace", "short", "short");
  terminal.press("submit");
  await terminal.shows("must have at least 15 characters");

  terminal.clear();
  terminal.type(password);
  terminal.press("previousField");
  terminal.clear();
  terminal.type(password);
  terminal.press("submit");
  await terminal.shows("1 user");
  await terminal.shows(/active\s+ada\s+Ada Lovelace\s+admin/);
  expect(terminal.written).not.toContain(password);

  const tool = await connect(daemon);
  const ada = await tool.call("users.get", { user: "ada" });
  expect(ada).toMatchObject({ roles: ["admin"], mustChangePassword: false, hasPassword: true });
});

test("a user is made, and the first password is shown once and then forgotten", async () => {
  const { daemon, tool } = await startDirectory();
  const terminal = openTui("--socket", daemon.socket);
  await terminal.shows("1 user");

  terminal.press("create");
  await terminal.shows("Kind of account");
  terminal.fill("grace", "Grace Hopper");
  terminal.press("submit");
  await terminal.shows("grace is made. The first password:");
  const generated = /[a-z0-9]{5}(-[a-z0-9]{5}){4}/.exec(terminal.text())?.[0] ?? "";
  expect(generated).not.toBe("");

  terminal.press("back");
  await terminal.shows("Keep it first");
  terminal.press("copy");
  await terminal.writes(`\u001B]52;c;${Buffer.from(generated).toString("base64")}`);
  terminal.press("kept");
  await terminal.shows("Users › grace › Profile");
  expect(terminal.text()).not.toContain(generated);
  expect(await tool.call("users.get", { user: "grace" })).toMatchObject({ mustChangePassword: true });
});

test("a user's profile is edited, and a taken name is said beside the field with the rest kept", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.create", { username: "grace" });
  const terminal = openTui("--socket", daemon.socket);
  await terminal.shows("2 users");

  terminal.press("last", "open");
  await terminal.shows("Users › grace › Profile");
  terminal.press("edit");
  await terminal.shows("Must change password");
  terminal.clear();
  terminal.fill("ada", "Grace Hopper");
  terminal.press("submit");
  await terminal.shows(/! .*ada/);

  terminal.press("previousField");
  terminal.clear();
  terminal.type("hopper");
  terminal.press("submit");
  await terminal.shows("Users › hopper › Profile");
  expect(await tool.call("users.get", { user: "hopper" })).toMatchObject({ fullName: "Grace Hopper" });
});

test("what is typed is not lost by a stray Esc", async () => {
  const { daemon } = await startDirectory();
  const terminal = openTui("--socket", daemon.socket);
  await terminal.shows("1 user");
  terminal.press("create");
  await terminal.shows("Kind of account");
  terminal.fill("grace");
  terminal.press("cancel");
  await terminal.shows("Leave without saving the new user?");
  terminal.press("press");
  await terminal.hides("Leave without saving");
  expect(terminal.text()).toMatch(/User name\s+grace/);
});

test("a change by another client appears by itself, and the selected user stays selected", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.create", { username: "mary" });
  const terminal = openTui("--socket", daemon.socket);
  await terminal.shows("2 users");
  terminal.press("last");
  await terminal.shows(/› active\s+mary/);

  await tool.call("users.create", { username: "bob" });
  await terminal.shows("3 users");
  await terminal.shows(/› active\s+mary/);
  await tool.call("users.disable", { user: "mary" });
  await terminal.shows(/› disabled\s+mary/);
});

test("two people who edit the same user see both versions, and none is overwritten unasked", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.create", { username: "grace", fullName: "Grace" });
  const terminal = openTui("--socket", daemon.socket);
  await terminal.shows("2 users");
  terminal.press("last", "open");
  await terminal.shows("Users › grace › Profile");
  terminal.press("edit");
  await terminal.shows("Must change password");
  terminal.press("nextField");
  terminal.clear();
  terminal.type("Mine");

  await tool.call("users.update", { user: "grace", changes: { fullName: "Theirs", theme: "light" } });
  terminal.press("submit");
  await terminal.shows("Somebody changed grace meanwhile");
  await terminal.shows(/Full name\s+Mine\s+Theirs/);
  expect(await tool.call("users.get", { user: "grace" })).toMatchObject({ fullName: "Theirs" });

  terminal.type("\u001B[B");
  terminal.press("choose");
  await terminal.shows("Users › grace › Profile");
  expect(await tool.call("users.get", { user: "grace" })).toMatchObject({ fullName: "Mine", theme: "light" });
});

test("after the daemon was killed and started again the TUI goes on where it was", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.create", { username: "grace" });
  const terminal = openTui("--socket", daemon.socket);
  await terminal.shows("2 users");
  terminal.press("create");
  await terminal.shows("Kind of account");
  terminal.fill("half-typed");
  await terminal.shows("half-typed");

  await daemon.kill();
  await terminal.shows("Connection lost");
  expect(terminal.text()).toContain("half-typed");
  await daemon.restart();
  await terminal.shows("● live");
  await terminal.hides("Connection lost");
  expect(terminal.text()).toMatch(/User name\s+half-typed/);

  terminal.press("submit");
  await terminal.shows("half-typed is made");
  terminal.press("kept");
  await terminal.shows("Users › half-typed › Profile");
  terminal.press("back");
  await terminal.shows("3 users");
});
