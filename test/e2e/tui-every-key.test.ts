import { describe, expect, onTestFinished, test } from "vitest";
import { type BindingId, keymap } from "../../tui/keymap.ts";
import type { Daemon } from "./daemon.ts";
import { password, startDirectory } from "./directory.ts";
import { flows, KEY, type Start, type Step, users } from "./key-flows.ts";
import { Terminal, type TerminalOptions } from "./pty.ts";

const ids = Object.keys(keymap) as BindingId[];
const starts: readonly Start[] = ["sign in", "signed in as ada", "users"];

/** `ada` and forty more, one of them with a key for each time that a flow rotates one, and one who was deleted. */
async function startTeam(): Promise<Daemon> {
  const { daemon, tool } = await startDirectory();
  const people = Array.from({ length: 40 }, (_, index) => `user-${String(index + 1).padStart(2, "0")}`);
  for (const username of [...people, "olaf"])
    await tool.call("users.create", { username, fullName: "Somebody" });
  for (const user of ["user-02", "user-03"])
    await tool.call("keys.create", { user, name: "deploy", permissions: [] });
  for (const name of ["camera", "printer"]) {
    await tool.call("keys.create", { user: "user-04", name, permissions: [] });
  }
  await tool.call("users.delete", { user: "olaf" });
  return daemon;
}

async function openAt(start: Start, daemon: Daemon, size: Pick<TerminalOptions, "columns" | "rows">) {
  const local = start.startsWith("users");
  const where = local ? ["--socket", daemon.socket] : ["--url", daemon.url];
  const terminal = new Terminal({
    args: where,
    cwd: daemon.directory,
    env: { EDITOR: "false", VISUAL: "" },
    ...size,
  });
  onTestFinished(() => terminal.end());
  if (local) return terminal;
  await terminal.shows("Sign in to");
  if (start === "sign in") return terminal;
  terminal.fill("ada", password);
  terminal.press("signIn");
  return terminal;
}

async function take(terminal: Terminal, daemon: Daemon, step: Step, key: string): Promise<void> {
  if (step === KEY) {
    terminal.written = "";
    terminal.pressKey(key);
  } else if (step === "the end") await terminal.ends();
  else if (step === "the daemon halts") daemon.halt();
  else if (step === "the daemon goes on") daemon.goOn();
  else if (step instanceof RegExp) await terminal.shows(step);
  else if (typeof step === "string") typeNamed(terminal, step);
  else if ("writes" in step) await terminal.writes(step.writes);
}

/** Types text in which `<Enter>` stands for that key. */
function typeNamed(terminal: Terminal, text: string): void {
  for (const [piece, key] of text.matchAll(/<([^>]+)>|[^<]+/g)) {
    if (key) terminal.pressKey(key);
    else terminal.type(piece);
  }
}

/** Presses, one after another, every key of the bindings whose flows begin there. */
async function pressAll(start: Start, size: Pick<TerminalOptions, "columns" | "rows">): Promise<void> {
  const daemon = await startTeam();
  const terminal = await openAt(start, daemon, size);
  for (const id of ids.filter((each) => (flows[each].from ?? "users") === start)) {
    for (const key of keymap[id].keys) {
      if (start !== "sign in") {
        await terminal.shows(users);
        terminal.press("first");
      }
      try {
        for (const step of flows[id].steps) await take(terminal, daemon, step, key);
      } catch (error) {
        throw new Error(`${id} by ${key}`, { cause: error });
      }
    }
  }
}

describe.each([
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
])("at $columns x $rows", (size) => {
  test.each(starts)("every key that works from %s does what the help says", { timeout: 240_000 }, (start) =>
    pressAll(start, size),
  );
});

test("so do those that work after a while", { timeout: 120_000 }, () =>
  pressAll("users, with time to wait", { columns: 80, rows: 24 }),
);

test("every flow presses the key that it is about", () => {
  const without = ids.filter((id) => !flows[id].steps.includes(KEY));
  expect(without).toEqual([]);
});
