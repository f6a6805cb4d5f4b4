import { onTestFinished, test } from "vitest";
import type { Client } from "../../protocol/index.ts";
import { startDirectory } from "../e2e/directory.ts";
import { Terminal } from "../e2e/pty.ts";
import { expectFresh } from "./generated.ts";
import { svgOf } from "./svg.ts";

/** Every run has its own ids, secrets, times, directory and account; the pictures have these. */
const FIXED: readonly [RegExp, string][] = [
  [/[\w.-]+@roster\b/g, "root@roster"],
  [/rk_[\w-]{30,}/g, "rk_Vx3TfQ8mZk1n_p7RwYc2LdJ0aHs5GbNeKu9QvXoWi4"],
  [/rk_[\w-]{4}/g, "rk_Vx3T"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}/g, "2026-11-25 10:30:00.000"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d/g, "2026-11-25 10:30"],
  [/\d\d-\d\d \d\d:\d\d:\d\d/g, "11-25 10:30:00"],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-11-25T10:30:00.000Z"],
  [/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "01a214f6-d1b4-78ed-8889-ddc14256791f"],
];

const team = [
  ["grace", "Grace Hopper", ["operator"]],
  ["hedy", "Hedy Lamarr", ["designer"]],
  ["katherine", "Katherine Johnson", ["designer", "viewer"]],
  ["octoprint", "Print farm, hall 2", []],
  ["radia", "Radia Perlman", ["operator"]],
  ["studio", "Studio playout", ["viewer"]],
] as const;

/** A directory that looks lived in, and the terminal UI in front of it. */
async function openTeam(): Promise<{ terminal: Terminal; tool: Client }> {
  const { daemon, tool } = await startDirectory();
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
  return { terminal, tool };
}

function picture(name: string, terminal: Terminal, title: string): void {
  const drawn = svgOf(terminal.emulator, title);
  expectFresh(
    `docs/${name}.svg`,
    FIXED.reduce((svg, [pattern, fixed]) => svg.replace(pattern, fixed), drawn),
  );
}

test("the README's picture of the users is what the screen shows", async () => {
  const { terminal } = await openTeam();
  terminal.press("down", "down");
  await terminal.shows(/› disabled +hedy/);
  picture("users", terminal, "The users in the terminal UI");
});

test("so is that of a rotation", async () => {
  const { terminal } = await openTeam();
  terminal.type(":user studio\r");
  await terminal.shows("› Profile");
  terminal.press("nextTab");
  await terminal.shows(/› service/);
  terminal.press("rotate");
  await terminal.shows("How long may the old key go on working?");
  picture("rotation", terminal, "A key is rotated");
});

test("so is that of the permissions", async () => {
  const { terminal } = await openTeam();
  terminal.type(":permissions\r");
  await terminal.shows(/› users\.read +(yes +){3}yes/);
  picture("permissions", terminal, "What each role may do");
});

test("so is that of an entry of the audit", async () => {
  const { terminal, tool } = await openTeam();
  const { revision } = await tool.call("users.get", { user: "radia" });
  await tool.call("users.update", {
    user: "radia",
    changes: { roles: ["designer", "operator"], fullName: "Radia J. Perlman" },
    ifRevision: revision,
  });
  terminal.type(":audit\r");
  await terminal.shows(/› .*user\.updated/);
  terminal.press("open");
  await terminal.shows("- fullName:");
  picture("entry", terminal, "What a change changed");
});
