import { onTestFinished, vi } from "vitest";
import { type Client, createClient } from "../../protocol/index.ts";
import { connector } from "../../tui/connect.ts";
import { Daemon } from "./daemon.ts";
import { Terminal, type TerminalOptions } from "./pty.ts";

// A flow is several steps of real processes, and each step has its own patience.
vi.setConfig({ testTimeout: 60_000 });

/** The password of the administrator `ada`. */
export const password = "correct-horse-battery";

/** A daemon on an empty directory, removed after the test. */
export async function startDaemon(): Promise<Daemon> {
  const daemon = await Daemon.start();
  onTestFinished(() => daemon.remove());
  return daemon;
}

/** The terminals that every screen is tried in: the smallest usual one, and a large one. */
export const sizes = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
] as const;

/** The TUI in a terminal of 80x24, ended after the test. */
export function openTui(...args: string[]): Terminal {
  return openTuiWith({ args });
}

/** The TUI in a terminal, ended after the test. */
export function openTuiWith(options: TerminalOptions): Terminal {
  const terminal = new Terminal(options);
  onTestFinished(() => terminal.end());
  return terminal;
}

/** Another tool, over the Unix socket. */
export async function connect(daemon: Daemon): Promise<Client> {
  const client = createClient({ connect: connector({ kind: "socket", path: daemon.socket }) });
  onTestFinished(() => client.close());
  await client.online();
  return client;
}

/** A daemon whose directory has its administrator, and a tool that is connected to it. */
export async function startDirectory(): Promise<{ daemon: Daemon; tool: Client }> {
  const daemon = await startDaemon();
  const tool = await connect(daemon);
  await tool.call("users.create", {
    username: "ada",
    fullName: "Ada Lovelace",
    password,
    roles: ["admin"],
    mustChangePassword: false,
  });
  return { daemon, tool };
}
