/** The load generator's process: takes one order at a time over its channel and answers with a sample. */
import type { Socket } from "node:net";
import { listen, type Traffic } from "./exchange.ts";
import { cpuOf, cpuOfAll } from "./machine.ts";
import { openWebSocket, textFrame } from "./raw-socket.ts";
import { drive, inTurn, type NextFrame, type Shape } from "./traffic.ts";

/** What to measure, for `milliseconds`. */
export interface Order {
  url: string;
  headers: Record<string, string>;
  /** Sent in turn; a server that is measured again gets those that follow. */
  requests: string[];
  shape: Shape;
  milliseconds: number;
  /** The server's process. */
  pid: number;
}

/** What one order brought. */
export interface Sample extends Traffic {
  /** CPU time of server, load generator and everything else meanwhile, in microseconds; null without /proc. */
  serverCpu: number | null;
  loadCpu: number | null;
  otherCpu: number | null;
}

/** What the load process sends back. */
export type Report = { sample: Sample } | { failure: string };

const CONNECT_AT_ONCE = 100;
const HANG_UP_WITHIN_MS = 5000;

process.on("message", (order: Order) => {
  run(order).then(
    (sample) => answer({ sample }),
    (error: Error) => answer({ failure: error.message }),
  );
});
process.on("disconnect", () => process.exit());

function answer(report: Report): void {
  process.send?.(report);
}

async function run(order: Order): Promise<Sample> {
  const sockets = await connect(order);
  const before = clocks(order.pid);
  const traffic = await drive(sockets, turnOf(order), order.shape, order.milliseconds);
  const after = clocks(order.pid);
  await Promise.all(sockets.map(hangUp));

  const serverCpu = minus(after.server, before.server);
  const loadCpu = minus(after.load, before.load);
  const otherCpu = minus(minus(minus(after.all, before.all), serverCpu), loadCpu);
  return { ...traffic, serverCpu, loadCpu, otherCpu };
}

const turns = new Map<string, NextFrame>();

/** Kept from sample to sample, so that what changed something the first time is not sent when it would change nothing. */
function turnOf({ url, requests }: Order): NextFrame {
  const name = `${url} ${requests[0]}`;
  const turn = turns.get(name) ?? inTurn(requests.map(textFrame));
  turns.set(name, turn);
  return turn;
}

/** In groups that a server's queue of connections has room for. */
async function connect({ url, headers, shape }: Order): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < shape.connections) {
    const length = Math.min(CONNECT_AT_ONCE, shape.connections - sockets.length);
    const group = Array.from({ length }, () => openWebSocket(url, headers));
    sockets.push(...(await Promise.all(group)));
  }
  if ("subscribe" in shape) {
    const frame = textFrame(shape.subscribe);
    await Promise.all(sockets.map((socket) => ask(socket, frame)));
  }
  return sockets;
}

/** Sends one request and waits for its answer. */
async function ask(socket: Socket, frame: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    listen(socket, (frames) => frames > 0 && resolve(), reject);
    socket.write(frame);
  });
  socket.removeAllListeners("data");
}

/** Resolves when the server has let go too, so that its work and its connections are not counted with the next sample. */
function hangUp(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.removeAllListeners("data").once("close", () => resolve());
    socket.setTimeout(HANG_UP_WITHIN_MS, () => socket.destroy());
    socket.resume().end();
  });
}

interface Clocks {
  server: number | null;
  load: number | null;
  all: number | null;
}

function clocks(pid: number): Clocks {
  return { server: cpuOf(pid), load: cpuOf(process.pid), all: cpuOfAll() };
}

function minus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}
