import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { connector, Unreachable } from "../../tui/connect.ts";

let directory: string;
let server: Server;
let upgrades: IncomingMessage[];
let onSocket: (socket: WebSocket) => void;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "roster-connect-"));
  upgrades = [];
  onSocket = () => {};
  server = createServer((_, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    upgrades.push(request);
    if (request.url !== "/rpc") socket.end(`HTTP/1.1 ${request.url?.slice(1)} No\r\n\r\n`);
    else sockets.handleUpgrade(request, socket, head, (ws) => onSocket(ws));
  });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true });
});

async function listenOn(path: string): Promise<void> {
  server.listen(path);
  await once(server, "listening");
}

async function listenOnPort(): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a Unix socket is reached whatever its path, and the daemon is told who calls", async () => {
  const path = join(directory, "a path: with ünusual%20 characters");
  await listenOn(path);
  const socket = await connector({ kind: "socket", path })();
  expect(upgrades[0]?.headers["roster-client"]).toBe(`${userInfo().username}@roster`);
  expect(upgrades[0]?.headers["sec-websocket-extensions"]).toBeUndefined();
  socket.close();
});

test("texts go both ways, and the end is told with code and reason", async () => {
  const url = `${await listenOnPort()}/rpc`;
  onSocket = (ws) => {
    ws.on("message", (data) => {
      ws.send(`heard ${data}`);
      ws.close(4401, "the session has ended");
    });
  };
  const socket = await connector({ kind: "url", url })();
  const heard = new Promise((resolve) => socket.onMessage(resolve));
  const closed = new Promise((resolve) => socket.onClose((code, reason) => resolve({ code, reason })));
  socket.send("hello");
  expect(await heard).toBe("heard hello");
  expect(await closed).toEqual({ code: 4401, reason: "the session has ended" });
  socket.send("nobody hears this, and nothing is thrown");
});

test("the end of a connection is told also to who asks later", async () => {
  const url = `${await listenOnPort()}/rpc`;
  onSocket = (ws) => ws.close(1013, "too many connections");
  const socket = await connector({ kind: "url", url })();
  const first = await new Promise((resolve) => socket.onClose(resolve));
  const second = await new Promise((resolve) => socket.onClose(resolve));
  expect([first, second]).toEqual([1013, 1013]);
});

test("an absent socket is named with the way out", async () => {
  const path = join(directory, "absent.sock");
  const error = await connector({ kind: "socket", path })().catch((caught) => caught);
  expect(error).toBeInstanceOf(Unreachable);
  expect(error.message).toBe(
    `no daemon at ${path}, which does not exist: start one with rosterd, or name another by --socket PATH or --url ws://HOST:PORT`,
  );
});

test("a port where nobody listens is named with the way out", async () => {
  const url = `${await listenOnPort()}/rpc`;
  server.close();
  await once(server, "close");
  await expect(connector({ kind: "url", url })()).rejects.toThrow(
    `no daemon at ${url}, where nobody listens: start one with rosterd`,
  );
});

test.each([
  ["403", "refuses that host name"],
  ["503", "is full or not ready"],
  ["404", "is not a rosterd: it answered HTTP 404"],
])("an upgrade answered with %s is explained", async (status, explanation) => {
  const url = `${await listenOnPort()}/${status}`;
  await expect(connector({ kind: "url", url })()).rejects.toThrow(explanation);
});
