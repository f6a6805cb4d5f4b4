import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Client } from "../../protocol/index.ts";
import { connectTo } from "./connect-to.ts";
import { openTuiWith, password, sizes, startDirectory } from "./directory.ts";
import type { Terminal } from "./pty.ts";

async function goTo(terminal: Terminal, name: string): Promise<void> {
  terminal.press("palette");
  await terminal.shows("Go to");
  terminal.type(name);
  terminal.press("go");
}

/** Confirms the question that is open: its first button cancels. */
async function confirm(terminal: Terminal, question: string): Promise<void> {
  await terminal.shows(question);
  terminal.press("nextButton", "press");
}

async function makeUsers(tool: Client, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `user-${index + 1}`);
  for (const username of names) await tool.call("users.create", { username, roles: ["viewer"] });
  return names;
}

test.each(sizes)(
  "at $columns x $rows users are marked and acted on together, and what fails says why",
  async (size) => {
    const { daemon, tool } = await startDirectory();
    await makeUsers(tool, 5);
    const activeNames = async () =>
      (await tool.call("users.list", { filter: { active: true } })).items.map(({ username }) => username);
    const terminal = openTuiWith({ args: ["--socket", daemon.socket], ...size });
    await terminal.shows("6 users");

    terminal.press("range", "down", "down");
    await terminal.shows("range of 3, 6 users");
    terminal.press("range");
    await terminal.shows("3 marked, 6 users");
    terminal.press("toggle");
    await confirm(terminal, "Disable 3 users?");
    await terminal.shows("2 users are disabled; u undoes it; 1 failed");
    await terminal.shows(/ada: .*administrator/);
    terminal.press("close");
    await terminal.shows("1 marked, 6 users");
    expect(await activeNames()).toEqual(["ada", "user-3", "user-4", "user-5"]);

    terminal.press("clear");
    await terminal.hides("marked");
    terminal.press("undo");
    await confirm(terminal, "Undo disabling 3 users?");
    await terminal.shows("Undone: disabling 3 users");
    expect(await activeNames()).toHaveLength(6);

    terminal.press("first", "down", "mark", "mark");
    await terminal.shows("2 marked");
    terminal.press("remove");
    await terminal.shows("Delete 2 users?");
    terminal.type("2");
    terminal.press("nextButton", "nextButton", "press");
    await terminal.shows("4 users");
    terminal.press("filter");
    terminal.type("deleted:yes");
    terminal.press("take");
    await terminal.shows(" 2 found");
    terminal.press("mark", "mark", "restore");
    await confirm(terminal, "Restore 2 users?");
    await terminal.shows("2 users are back, disabled");
  },
);

test.each(sizes)(
  "at $columns x $rows keys are rotated into a file, watched, and revoked when nobody uses them",
  async (size) => {
    const { daemon, tool } = await startDirectory();
    const [mia, ben] = await makeUsers(tool, 2);
    const used = await tool.call("keys.create", { user: mia, name: "printer" });
    const idle = await tool.call("keys.create", { user: ben, name: "backup" });
    const machine = await connectTo(daemon, { key: used.secret });
    const terminal = openTuiWith({ args: ["--socket", daemon.socket], cwd: daemon.directory, ...size });
    await terminal.shows("3 users");

    await goTo(terminal, "keys");
    await terminal.shows("2 keys");
    terminal.press("filter");
    terminal.type("older:1m");
    await terminal.shows(" 0 found");
    terminal.press("clear");
    await terminal.shows("2 keys");
    terminal.press("mark", "mark", "rotate");
    await terminal.shows("New secrets go to");
    terminal.press("nextField");
    terminal.clear();
    terminal.type("secrets.jsonl");
    terminal.press("submit");
    await confirm(terminal, "Rotate 2 keys?");
    await terminal.shows("2 old keys work on");
    await terminal.shows(/printer\s+in use/);
    await terminal.shows(/backup\s+quiet for/);

    const file = join(daemon.directory, "secrets.jsonl");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const secrets = (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).secret);
    expect(secrets).toHaveLength(2);
    for (const secret of secrets) expect(terminal.written).not.toContain(secret);
    await connectTo(daemon, { key: secrets[0] });

    machine.close();
    await terminal.shows(/printer\s+quiet for/);
    terminal.press("last", "revoke");
    await confirm(terminal, "Revoke the key backup of user-2?");
    await terminal.shows(/backup\s+revoked/);
    expect(await tool.call("keys.get", { id: idle.key.id })).toMatchObject({
      status: "revoked",
      revokedReason: "rotated",
    });
  },
);

test.each(sizes)(
  "at $columns x $rows a session is ended, seen among the events, and found in the audit",
  async (size) => {
    const { daemon, tool } = await startDirectory();
    const machine = await connectTo(daemon);
    await machine.call("auth.login", { username: "ada", password });
    const terminal = openTuiWith({ args: ["--socket", daemon.socket], ...size });
    await terminal.shows("1 user");

    await goTo(terminal, "sessions");
    await terminal.shows("1 session");
    terminal.press("endSession");
    await confirm(terminal, "End the session of ada that began");
    await terminal.shows("Nobody is signed in.");
    await expect(machine.call("users.list", {})).rejects.toThrow();

    await goTo(terminal, "events");
    await terminal.shows(/session\.ended/);
    terminal.press("pause");
    await terminal.shows("paused");
    await tool.call("users.create", { username: "grace", fullName: "Grace" });
    await terminal.shows("paused, 1 waiting");
    terminal.press("pause");
    await terminal.shows(/user\.created\s+\S+\s+grace/);

    await tool.call("users.update", { user: "grace", changes: { fullName: "Grace Hopper" } });
    await goTo(terminal, "audit");
    await terminal.shows(/user\.updated\s+\S+\s+grace\s+fullName/);
    terminal.press("filter");
    terminal.type("type:user.updated grace");
    await terminal.shows(/Filter: type:user\.updated grace\S* +1 entry/);
    terminal.press("take", "open");
    await terminal.shows("- fullName: Grace");
    await terminal.shows("+ fullName: Grace Hopper");
  },
);
