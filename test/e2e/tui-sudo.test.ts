import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { Client } from "../../protocol/index.ts";
import { fixture } from "../fixtures/fixture.ts";
import { Daemon } from "./daemon.ts";
import { connect, openTui, password } from "./directory.ts";

/** Has so much time gone by in the daemon that a password proof is not fresh any more. */
async function letTheProofAge(daemon: Daemon, tool: Client): Promise<void> {
  const before = Date.parse((await tool.call("system.ping", {})).at);
  process.kill(daemon.pid, "SIGUSR2");
  const passed = async () => Date.parse((await tool.call("system.ping", {})).at) - before;
  await expect.poll(passed).toBeGreaterThan(900_000);
}

test("a password proof that is too old is asked for anew: a wrong one asks again, Esc loses nothing, the right one goes on", async () => {
  const laterClock = pathToFileURL(fixture("later-clock.mjs")).href;
  const daemon = await Daemon.start([], { env: { NODE_OPTIONS: `--import=${laterClock}` } });
  onTestFinished(() => daemon.remove());
  const tool = await connect(daemon);
  await tool.call("users.create", { username: "ada", password, roles: ["admin"], mustChangePassword: false });
  const terminal = openTui("--url", daemon.url);
  await terminal.shows("Sign in to");
  terminal.fill("ada", password);
  terminal.press("signIn");
  await terminal.shows("1 user");
  terminal.press("create");
  await terminal.shows("Kind of account");
  terminal.fill("grace", "Grace Hopper");

  await letTheProofAge(daemon, tool);
  terminal.press("submit");
  await terminal.shows("Your password again");
  expect(terminal.text()).toMatch(/User name\s+grace/);
  terminal.type("a-wrong-password");
  terminal.press("submit");
  await terminal.shows(/! .*(wrong|password)/i);
  await terminal.shows("Your password again");

  terminal.press("cancel");
  await terminal.hides("Your password again");
  await terminal.shows("Prove your password again first");
  await terminal.shows(/Full name\s+Grace Hopper/);
  expect((await tool.call("users.list", {})).total).toBe(1);

  terminal.press("submit");
  await terminal.shows("Your password again");
  terminal.type(password);
  terminal.press("submit");
  await terminal.shows("grace is made. The first password:");
  expect(await tool.call("users.get", { user: "grace" })).toMatchObject({ fullName: "Grace Hopper" });
  expect(terminal.written).not.toContain(password);
});
