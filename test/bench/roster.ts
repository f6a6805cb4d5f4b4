import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { WebSocket } from "ws";
import { initialRecords } from "../../daemon/directory/directory.ts";
import { openJsonStore } from "../../daemon/store/json/json-store.ts";
import { type ClientSocket, createClient } from "../../protocol/index.ts";
import type { Bench } from "./bench.ts";
import { settingsRecord, userRecord } from "./population.ts";
import type { Contender } from "./rounds.ts";

const daemon = new URL("../../daemon/main.js", import.meta.url);

/** Starts `rosterd` over a directory of `population` users, and makes an administrator's key to call it by. */
export async function startRoster(
  bench: Bench,
  population: number,
): Promise<Pick<Contender, "server" | "headers">> {
  const data = await mkdtemp(join(bench.directory, "roster-"));
  // Short: the system takes at most 107 bytes for the whole path.
  const unixSocket = join(data, "s");
  await populate(data, population);
  const server = await bench.start(daemon, [
    "--data",
    data,
    "--listen",
    "127.0.0.1:0",
    "--socket",
    unixSocket,
  ]);
  const key = await makeAdministratorKey(unixSocket);
  return { server, headers: { Authorization: `Bearer ${key}` } };
}

/** Writes a data directory by the store itself: these users, and the built-in roles. */
async function populate(directory: string, population: number): Promise<void> {
  const indexes = Array.from({ length: population }, (_, index) => index);
  const store = await openJsonStore({
    directory,
    initial: { ...initialRecords(), users: indexes.map(userRecord), settings: indexes.map(settingsRecord) },
  });
  await store.close();
}

async function makeAdministratorKey(unixSocket: string): Promise<string> {
  const client = createClient({
    connect: () => openClientSocket(`ws+unix:${unixSocket}:/rpc`),
    reconnect: "never",
  });
  try {
    await client.online();
    const { user } = await client.call("users.create", { username: "bench", roles: ["admin"] });
    const { secret } = await client.call("keys.create", { user: user.id, name: "bench" });
    return secret;
  } finally {
    client.close();
  }
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
