import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { misuse } from "./failure.ts";

/** The daemon to talk to. */
export type Target = { kind: "socket"; path: string } | { kind: "url"; url: string };

export interface TargetFlags {
  url?: string;
  socket?: string;
}

type Environment = Record<string, string | undefined>;

const SYSTEM_SOCKET = "/run/roster/rosterd.sock";

/** Flags over `$ROSTER_SOCKET` over the user's own socket over the system's; the last two only if they exist. */
export function findTarget({ url, socket }: TargetFlags, env: Environment = process.env): Target {
  if (url !== undefined && socket !== undefined) throw misuse("give --url or --socket, not both");
  if (url !== undefined) return { kind: "url", url: checkUrl(url) };
  if (socket !== undefined) return { kind: "socket", path: resolve(socket) };
  return { kind: "socket", path: defaultSocket(env) };
}

export function defaultSocket(env: Environment): string {
  if (env.ROSTER_SOCKET) return resolve(env.ROSTER_SOCKET);
  const own = join(first(env.RUNTIME_DIRECTORY) ?? dataDirectory(env), "rosterd.sock");
  return !existsSync(own) && existsSync(SYSTEM_SOCKET) ? SYSTEM_SOCKET : own;
}

/** Where `rosterd` keeps its data when it is told nothing else. */
export function dataDirectory(env: Environment): string {
  const state = env.XDG_STATE_HOME || join(homedir(), ".local", "state");
  return resolve(first(env.STATE_DIRECTORY) ?? (env.ROSTER_DATA || join(state, "roster")));
}

/** The target in people's words. */
export function describe(target: Target): string {
  return target.kind === "socket" ? target.path : target.url;
}

/** The same, short enough for a header: the home directory is `~`, as shells write it. */
export function label(target: Target): string {
  const name = describe(target);
  const home = `${homedir()}/`;
  return target.kind === "socket" && name.startsWith(home) ? `~/${name.slice(home.length)}` : name;
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.username || url.password || url.search || url.hash)) {
    throw misuse("--url takes host, port and path only: a key comes from --key-file or $ROSTER_KEY");
  }
  if (!url || !["ws:", "wss:"].includes(url.protocol) || !url.hostname) {
    throw misuse(`--url ${text} is not an address: write ws://HOST:PORT or wss://HOST:PORT`);
  }
  if (url.pathname === "/") url.pathname = "/rpc";
  return url.href;
}

/** systemd passes several directories separated by colons; ours is the first. */
function first(directories: string | undefined): string | undefined {
  return directories?.split(":")[0] || undefined;
}
