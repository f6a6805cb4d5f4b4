import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { WebSocket } from "ws";
import { initialRecords } from "../../daemon/directory/directory.ts";
import { createPasswordHashing } from "../../daemon/directory/password-hashing.ts";
import { openJsonStore } from "../../daemon/store/json/json-store.ts";
import { type Client, type ClientSocket, createClient } from "../../protocol/index.ts";
import type { Bench } from "./bench.ts";
import { settingsRecord, userRecord } from "./population.ts";
import type { Contender } from "./rounds.ts";

const daemon = new URL("../../daemon/main.js", import.meta.url);

/** A running `rosterd`, and how to call it as an administrator. */
export interface Roster extends Pick<Contender, "server" | "headers"> {
  /** Runs `work` as the operator of the machine, on the Unix socket. */
  locally<T>(work: (client: Client) => Promise<T>): Promise<T>;
}

/**
 * Starts `rosterd` over a directory of `population` users, and makes an administrator's key to call it by.
 * `password` becomes everybody's; without it nobody has one.
 */
export async function startRoster(bench: Bench, population: number, password?: string): Promise<Roster> {
  const data = await mkdtemp(join(bench.directory, "roster-"));
  // Short: the system takes at most 107 bytes for the whole path.
  const unixSocket = join(data, "s");
  await populate(data, population, password);
  const server = await bench.start(daemon, [
    "--data",
    data,
    "--listen",
    "127.0.0.1:0",
    "--socket",
    unixSocket,
  ]);
  const locally = <T>(work: (client: Client) => Promise<T>) => asOperator(unixSocket, work);
  const key = await locally(makeAdministratorKey);
  return { server, headers: { Authorization: `Bearer ${key}` }, locally };
}

/** Writes a data directory by the store itself: these users, and the built-in roles. */
async function populate(directory: string, population: number, password?: string): Promise<void> {
  const indexes = Array.from({ length: population }, (_, index) => index);
  const passwordHash = password === undefined ? null : await createPasswordHashing().hash(password);
  const users = indexes.map((index) => ({ ...userRecord(index), passwordHash }));
  const store = await openJsonStore({
    directory,
    initial: { ...initialRecords(), users, settings: indexes.map(settingsRecord) },
  });
  await store.close();
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
