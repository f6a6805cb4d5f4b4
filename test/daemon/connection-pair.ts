import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { Connection } from "../../daemon/connection.ts";
import type { Caller } from "../../daemon/directory/caller.ts";
import type { Dispatch } from "../../daemon/dispatch.ts";
import { defaultLimits, type Limits } from "../../daemon/limits.ts";
import { createLog } from "../../daemon/log.ts";
import { Meters } from "../../daemon/metrics/meters.ts";
import { RawClient } from "./raw-client.ts";
import { TestClock } from "./test-clock.ts";

const log = createLog("silent", process.stdout);

/** A request that reached dispatch and waits for the test to let it finish. */
export interface Pending {
  method: string;
  finish(): void;
}

/** One connection of the daemon with its client, and a dispatch in the hands of the test. */
export interface Pair {
  connection: Connection;
  client: RawClient;
  clock: TestClock;
  /** The daemon's side. */
  socket: WebSocket;
  /** Requests that have started, in order. */
  started: Pending[];
}

export async function openPair(limits: Partial<Limits> = {}, caller: Caller = LOCAL): Promise<Pair> {
  const clock = new TestClock();
  const started: Pending[] = [];
  const dispatch: Dispatch = ({ method, id }) =>
    new Promise((resolve) => {
      const answer = id === undefined ? null : { jsonrpc: "2.0" as const, id, result: method };
      started.push({ method, finish: () => resolve(answer) });
    });

  const http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: { ...defaultLimits, ...limits }.frameBytes,
  });
  const accepted = new Promise<{ connection: Connection; socket: WebSocket }>((resolve) => {
    http.on("upgrade", (request, stream, head) => {
      webSockets.handleUpgrade(request, stream, head, (socket) => {
        const connection = new Connection({
          socket,
          stream: request.socket,
          caller,
          address: caller.address,
          client: null,
          dispatch,
          limits: { ...defaultLimits, ...limits },
          clock,
          log,
          meters: new Meters(),
          onForsaken: () => {},
          onClosed: () => {},
        });
        resolve({ connection, socket });
      });
    });
  });
  const client = await RawClient.open(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  onTestFinished(() => {
    client.socket.terminate();
    http.close();
  });
  return { ...(await accepted), client, clock, started };
}

export const LOCAL: Caller = { kind: "local", address: null, client: null };
export const ANONYMOUS: Caller = { kind: "anonymous", address: "192.0.2.7" };
