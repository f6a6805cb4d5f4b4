import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { WebSocket } from "ws";
import { type Client, type ClientSocket, createClient } from "../../protocol/index.ts";
import type { Bench } from "./bench.ts";
import { openPopulated } from "./directories.ts";
import type { Contender } from "./rounds.ts";

/** As `npm run build` makes it, whatever directory below `dist/` the bench was built into. */
export const daemonProgram = new URL("../../../daemon/main.js", import.meta.url);

/** A running `rosterd`, and how to call it as an administrator. */
export interface Roster extends Pick<Contender, "server" | "headers"> {
  /** The path of its Unix socket. */
  socket: string;
  /** From its start until it was ready. */
  readyMs: number;
  /** Runs `work` as the operator of the machine, on the Unix socket. */
  locally<T>(work: (client: Client) => Promise<T>): Promise<T>;
}

/**
 * Starts `rosterd` over a directory of `population` users, and makes an administrator's key to call it by.
 * `password` becomes everybody's; without it nobody has one.
 */
export async function startRoster(bench: Bench, population: number, password?: string): Promise<Roster> {
  const data = await mkdtemp(join(bench.directory, "roster-"));
  const store = await openPopulated(data, population, { password });
  await store.close();
  return startRosterOn(bench, data);
}

/** The same over a data directory that is there. */
export async function startRosterOn(bench: Bench, data: string): Promise<Roster> {
  const before = performance.now();
  const server = await bench.start(daemonProgram, rosterdArguments(data));
  const readyMs = performance.now() - before;
  const locally = <T>(work: (client: Client) => Promise<T>) => asOperator(socketIn(data), work);
  const key = await locally(makeAdministratorKey);
  return { server, socket: socketIn(data), readyMs, headers: { Authorization: `Bearer ${key}` }, locally };
}

/** The default configuration on this directory, at a free port. */
export function rosterdArguments(data: string): string[] {
  return ["--data", data, "--listen", "127.0.0.1:0", "--socket", socketIn(data)];
}

/** Short: the system takes at most 107 bytes for the whole path. */
function socketIn(data: string): string {
  return join(data, "s");
}

async function asOperator<T>(unixSocket: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = createClient({
    connect: () => openClientSocket(`ws+unix:${unixSocket}:/rpc`),
    reconnect: "never",
  });
  try {
    await client.online();
    return await work(client);
  } finally {
    client.close();
  }
}

async function makeAdministratorKey(client: Client): Promise<string> {
  const { user } = await client.call("users.create", { username: "bench", roles: ["admin"] });
  const { secret } = await client.call("keys.create", { user: user.id, name: "bench" });
  return secret;
}

async function openClientSocket(url: string): Promise<ClientSocket> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  return {
    send: (text) => socket.send(text),
    close: () => socket.close(),
    onMessage: (listener) => socket.on("message", (data) => listener(String(data))),
    onClose: (listener) => socket.on("close", (code, reason) => listener(code, String(reason))),
  };
}
