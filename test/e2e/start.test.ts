import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Daemon } from "./daemon.ts";
import { Terminal } from "./pty.ts";
import { roster, startRoster } from "./roster.ts";

let directory: string;
let env: Record<string, string>;
const terminals: Terminal[] = [];

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), "roster-start-")), "data");
  env = { ROSTER_DATA: directory, ROSTER_LISTEN: "127.0.0.1:0", ROSTER_SOCKET: "" };
});

afterEach(async () => {
  for (const terminal of terminals.splice(0)) {
    terminal.kill("SIGKILL");
    await terminal.exited;
  }
  rmSync(join(directory, ".."), { recursive: true, force: true });
});

function open(
  options: { args?: string[]; env?: Record<string, string>; columns?: number; rows?: number } = {},
) {
  const terminal = new Terminal({ args: ["start"], ...options, env: { ...env, ...options.env } });
  terminals.push(terminal);
  return terminal;
}

function ping(): Promise<{ status: number | null }> {
  return roster(["call", "system.ping"], { env });
}

/** The line that the daemon wrote into its log, which comes after the last thing it does. */
async function logged(message: string): Promise<void> {
  const log = () => readFileSync(join(directory, "rosterd.log"), "utf8");
  await expect.poll(log, { timeout: 10_000 }).toContain(`"msg":"${message}"`);
}

test("where no daemon answers it starts one, opens the terminal UI, and stops it at the end", async () => {
  const terminal = open();
  await terminal.shows("first administrator");
  expect((await ping()).status).toBe(0);
  expect(statSync(join(directory, "rosterd.log")).mode & 0o777).toBe(0o600);
  expect(terminal.written).not.toContain('"level"');
  terminal.press("quit");
  expect(await terminal.exited).toBe(0);
  await logged("stopped");
  expect(existsSync(join(directory, "rosterd.sock"))).toBe(false);
});

test.each(["SIGTERM", "SIGHUP"] as const)("%s to the terminal UI stops the daemon too", async (signal) => {
  const terminal = open();
  await terminal.shows("first administrator");
  terminal.kill(signal);
  await terminal.exited;
  await logged("stopped");
});

test("where a daemon answers it uses that one and leaves it running", async () => {
  const daemon = await Daemon.start();
  const terminal = open({ env: { ROSTER_DATA: daemon.directory } });
  await terminal.shows("first administrator");
  terminal.press("quit");
  await terminal.exited;
  expect((await roster(["--socket", daemon.socket, "call", "system.ping"])).status).toBe(0);
  await daemon.remove();
});

test("without a terminal it runs the daemon in the foreground and passes its end on", async () => {
  const running = startRoster(["start"], { env });
  await running.says(/"msg":"ready"/);
  expect((await ping()).status).toBe(0);
  const { status, stdout } = await running.end("SIGTERM");
  expect(stdout).toContain('"msg":"stopped"');
  expect(status).toBe(0);
});

test("without a terminal a daemon that cannot start passes its status on", async () => {
  const { status } = await roster(["start"], { env: { ...env, ROSTER_LISTEN: "nonsense" } });
  expect(status).toBe(2);
});

test.each([
  ["--key-file", "key.txt"],
  ["--socket", "other.sock"],
  ["--url", "ws://directory.example"],
])("%s is refused with one line, not ignored", async (flag, value) => {
  const { status, stdout, stderr } = await roster([flag, value, "start"], { env });
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(
    new RegExp(`^roster: start opens your own daemon, [^\\n]*leave ${flag} out[^\\n]*\\n$`),
  );
});

test("a daemon that cannot start gets one line with its reason and its log", async () => {
  const busy = createServer();
  const port = await new Promise<number>((resolve) =>
    busy.listen(0, "127.0.0.1", () => resolve((busy.address() as { port: number }).port)),
  );
  const terminal = open({ env: { ROSTER_LISTEN: `127.0.0.1:${port}` } });
  expect(await terminal.exited).toBe(1);
  busy.close();
  // What it wrote last may come after its end.
  await terminal.shows(/^roster: the daemon did not start: /);
  const text = terminal.text().replaceAll("\n", "");
  expect(text).toContain(String(port));
  expect(text).toContain("rosterd.log");
});

test.each([
  [{ columns: 59, rows: 15 }, "this one is 59x15"],
  [{ columns: 60, rows: 14 }, "this one is 60x14"],
  [{ env: { TERM: "dumb" } }, "TERM=dumb"],
])("an unfit terminal %j gets one line, and no daemon is started", async (options, why) => {
  const terminal = open(options);
  expect(await terminal.exited).toBe(2);
  const line = terminal.written;
  expect(line).toMatch(/^roster: [^\n]+\r\n$/);
  expect(line).toContain(why);
  expect(line).toContain("roster call METHOD [JSON], roster watch [TOPIC…]");
  expect(existsSync(directory)).toBe(false);
});

test("the terminal UI on an absent socket is one line, not an empty screen", async () => {
  const terminal = open({ args: ["--socket", join(directory, "absent.sock")] });
  expect(await terminal.exited).toBe(1);
  expect(terminal.written).toMatch(/^roster: no daemon at [^\n]+\r\n$/);
});
