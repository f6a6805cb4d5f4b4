import { spawnSync } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { password, startDirectory } from "./directory.ts";
import { program, Terminal, type TerminalOptions } from "./pty.ts";

const SIGHUP = 1;
const SIGTERM = 15;
const COLOUR = /\x1b\[[\d;]*(?:3[0-7]|9[0-7])[;m]/;

function open(options: TerminalOptions): Terminal {
  const terminal = new Terminal(options);
  onTestFinished(() => terminal.end());
  return terminal;
}

test("Ctrl-Z gives the shell its terminal, and fg brings the screen back whole in the size it has then", async () => {
  const { daemon } = await startDirectory();
  const terminal = open({ command: "/bin/bash", args: ["--norc", "-i"], env: { PS1: "shell> " } });
  await terminal.shows("shell>");
  terminal.type(`'${process.execPath}' '${program}' --socket '${daemon.socket}'\r`);
  await terminal.shows("1 user");
  terminal.press("suspend");
  await terminal.shows(/Stopped[\s\S]*shell> *$/);
  terminal.resize(100, 30);
  terminal.type("fg\r");
  await terminal.shows(/^Users (?:.*\n){29}.*\? help$/);
  terminal.press("help");
  await terminal.shows("Keys and names");
});

test("a line that drops ends it as a hang-up does, without a core dump", async () => {
  const { daemon } = await startDirectory();
  const terminal = open({ args: ["--socket", daemon.socket] });
  await terminal.shows("1 user");
  terminal.drop();
  await terminal.exited;
  expect(terminal.endedBy).toBe(SIGHUP);
});

test("SIGTERM gives the terminal back as it was", async () => {
  const { daemon } = await startDirectory();
  const terminal = open({ args: ["--socket", daemon.socket] });
  await terminal.shows("1 user");
  terminal.kill("SIGTERM");
  await terminal.exited;
  expect(terminal.endedBy).toBe(SIGTERM);
  for (const given of ["\x1b[?7h", "\x1b[?25h", "\x1b[?2004l", "\x1b[?1049l"]) {
    expect(terminal.written.slice(-60)).toContain(given);
  }
  expect(terminal.scrollback()).not.toContain("ada");
});

test("NO_COLOR draws without colours, and the selected row is still seen", async () => {
  const { daemon } = await startDirectory();
  const terminal = open({ args: ["--socket", daemon.socket], env: { NO_COLOR: "1" } });
  await terminal.shows(/› active +ada/);
  expect(terminal.written).not.toMatch(COLOUR);
  expect(terminal.written).toMatch(/\x1b\[(?:\d;)*7m› active/);
});

test("everybody has the theme of their own account", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.update", { user: "ada", changes: { theme: "high-contrast" } });
  const terminal = open({ args: ["--url", daemon.url] });
  await terminal.shows("Sign in to");
  expect(terminal.written).toMatch(COLOUR);
  terminal.fill("ada", password);
  terminal.press("signIn");
  await terminal.shows("1 user");
  // High contrast draws its keys bold and underlined, in the terminal's own colour.
  await terminal.writes("\x1b[0;1;4m");
});

test("it works in tmux: keys, the screen after an attach, and the end", async (context) => {
  if (spawnSync("tmux", ["-V"]).error) context.skip("there is no tmux here");
  const { daemon } = await startDirectory();
  const server = ["-S", `${daemon.directory}/tmux`, "-f", "/dev/null"];
  onTestFinished(() => void spawnSync("tmux", [...server, "kill-server"]));
  const run = [process.execPath, program, "--socket", daemon.socket];
  const terminal = open({ command: "tmux", args: [...server, "new-session", ...run] });
  await terminal.shows(/› active +ada/);
  terminal.press("help");
  await terminal.shows("Keys and names");
  spawnSync("tmux", [...server, "detach-client"]);
  await terminal.exited;

  const again = open({ command: "tmux", args: [...server, "attach"], columns: 100, rows: 30 });
  await again.shows("Keys and names");
  again.press("cancel");
  await again.shows(/› active +ada/);
  again.press("quit");
  await again.ends();
});
