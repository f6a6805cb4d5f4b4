import { onTestFinished, vi } from "vitest";
import { type Client, createClient } from "../../protocol/index.ts";
import { connector } from "../../tui/connect.ts";
import { Daemon } from "./daemon.ts";
import { Terminal } from "./pty.ts";

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

/** The TUI in a terminal of 80x24, ended after the test. */
export function openTui(...args: string[]): Terminal {
  const terminal = new Terminal({ args });
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
