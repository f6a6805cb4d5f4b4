import { expect, test } from "vitest";
import { connectTo } from "./connect-to.ts";
import { openTui, startDirectory } from "./directory.ts";
import type { Terminal } from "./pty.ts";

const secretForm = /rk_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}/;

async function openKeys(terminal: Terminal): Promise<void> {
  await terminal.shows("2 users");
  terminal.press("last", "open");
  await terminal.shows("› robot › Profile");
  terminal.press("nextTab");
  await terminal.shows("› robot › Keys");
}

async function makeKey(terminal: Terminal): Promise<string> {
  await terminal.shows("robot has no keys");
  terminal.press("create");
  await terminal.shows("It may do");
  terminal.fill("printer");
  terminal.press("submit");
  await terminal.shows("The new key printer of robot");
  return secretForm.exec(terminal.text())?.[0] ?? "";
}

test("a key made in the TUI lets a tool in, is shown once, and its use is seen", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.create", { username: "robot", type: "service", roles: ["viewer"] });
  const terminal = openTui("--socket", daemon.socket);
  await openKeys(terminal);
  const secret = await makeKey(terminal);
  terminal.press("kept");
  await terminal.shows(/printer\s+active/);
  expect(terminal.text()).not.toContain(secret);

  const client = await connectTo(daemon, { key: secret });
  expect(client.state).toMatchObject({ phase: "online", principal: { kind: "key", username: "robot" } });
  terminal.press("refresh");
  await terminal.shows(/printer\s+active.*(now|\d+s ago)\s+1/);
});

test("a key is rotated: both work, the old one is watched until it is silent, then revoked", async () => {
  const { daemon, tool } = await startDirectory();
  const { user } = await tool.call("users.create", { username: "robot", type: "service", roles: ["viewer"] });
  const made = await tool.call("keys.create", { user: user.id, name: "printer" });
  const old = await connectTo(daemon, { key: made.secret });
  const terminal = openTui("--socket", daemon.socket);
  await openKeys(terminal);
  await terminal.shows(/printer\s+active/);

  terminal.press("rotate");
  await terminal.shows("How long may the old key go on working?");
  await terminal.shows("› 24 hours");
  terminal.press("up");
  await terminal.shows("› 1 hour");
  terminal.press("rotateNow");
  await terminal.shows("The new secret of printer");
  const secret = secretForm.exec(terminal.text())?.[0] ?? "";
  terminal.press("copy");
  await terminal.writes(`\u001B]52;c;${Buffer.from(secret).toString("base64")}`);
  terminal.press("kept");

  await terminal.shows("Still in use: something has a connection open with it.");
  expect(terminal.text()).toMatch(/Open connections\s+1/);
  await connectTo(daemon, { key: secret });
  old.close();
  await terminal.shows(/Open connections\s+0/);

  terminal.press("revoke");
  await terminal.shows("Revoke the old key printer of robot now?");
  terminal.press("nextButton", "press");
  await terminal.shows("The old key is revoked. The rotation is done.");
  const refused = await connectTo(daemon, { key: made.secret });
  expect(refused.state).toMatchObject({ refused: { code: 401 } });
  await connectTo(daemon, { key: secret });
});
