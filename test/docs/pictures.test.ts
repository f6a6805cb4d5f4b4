import { onTestFinished, test } from "vitest";
import { startDirectory } from "../e2e/directory.ts";
import { Terminal } from "../e2e/pty.ts";
import { expectFresh } from "./generated.ts";
import { svgOf } from "./svg.ts";

test("the README's picture of the users is what the screen shows", async () => {
  const { daemon, tool } = await startDirectory();
  const team = [
    ["grace", "Grace Hopper", ["operator"]],
    ["hedy", "Hedy Lamarr", ["designer"]],
    ["katherine", "Katherine Johnson", ["designer", "viewer"]],
    ["octoprint", "Print farm, hall 2", []],
    ["radia", "Radia Perlman", ["operator"]],
    ["studio", "Studio playout", ["viewer"]],
  ] as const;
  for (const [username, fullName, roles] of team) {
    await tool.call("users.create", { username, fullName, roles: [...roles] });
  }
  for (const user of ["octoprint", "studio", "octoprint"]) {
    await tool.call("keys.create", { user, name: "service", permissions: [] });
  }
  await tool.call("users.disable", { user: "hedy" });

  const terminal = new Terminal({ args: ["--socket", daemon.socket], env: { HOME: daemon.directory } });
  onTestFinished(() => terminal.end());
  await terminal.shows("7 users");
  terminal.press("down", "down");
  await terminal.shows(/› disabled +hedy/);
  expectFresh("docs/users.svg", svgOf(terminal.emulator, "The users in the terminal UI"));
});
