/** The load generator's process: takes one order at a time over its channel and answers with a sample. */
import type { Socket } from "node:net";
import { cpuOf, cpuOfAll } from "./machine.ts";
import { createFrameCounter, openWebSocket, textFrame } from "./raw-socket.ts";

/** What to measure: `connections` sockets, each keeping `inFlight` requests unanswered, for `milliseconds`. */
export interface Order {
  url: string;
  headers: Record<string, string>;
  /** Sent in turn, from the first. */
  requests: string[];
  connections: number;
  inFlight: number;
  milliseconds: number;
  /** The server's process. */
  pid: number;
}

/** What one order brought. */
export interface Sample {
  answers: number;
  /** Bytes received, frame headers included. */
  bytes: number;
  milliseconds: number;
  /** Time from a request to its answer, pairing both in order; in milliseconds. */
  p50: number;
  p99: number;
  /** CPU time of server, load generator and everything else meanwhile, in microseconds; null without /proc. */
  serverCpu: number | null;
  loadCpu: number | null;
  otherCpu: number | null;
}

/** What the load process sends back. */
export type Report = { sample: Sample } | { failure: string };

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
  const frames = order.requests.map(textFrame);
  const sockets = await Promise.all(
    Array.from({ length: order.connections }, () => openWebSocket(order.url, order.headers)),
  );
  const before = clocks(order.pid);
  const traffic = await drive(sockets, frames, order);
  const after = clocks(order.pid);
  for (const socket of sockets) socket.destroy();

  const serverCpu = minus(after.server, before.server);
  const loadCpu = minus(after.load, before.load);
  const otherCpu = minus(minus(minus(after.all, before.all), serverCpu), loadCpu);
  return { ...traffic, serverCpu, loadCpu, otherCpu };
}

type Traffic = Pick<Sample, "answers" | "bytes" | "milliseconds" | "p50" | "p99">;

/** Keeps the sockets busy until time is up and at least one answer has come. */
function drive(sockets: Socket[], frames: Buffer[], order: Order): Promise<Traffic> {
  const { inFlight, milliseconds } = order;
  let next = 0;
  let answers = 0;
  let bytes = 0;
  const waits: number[] = [];
  const start = performance.now();

  return new Promise((resolve, reject) => {
    const finish = (now: number): void => {
      for (const socket of sockets) socket.pause().removeAllListeners("data");
      waits.sort((a, b) => a - b);
      resolve({ answers, bytes, milliseconds: now - start, p50: at(waits, 0.5), p99: at(waits, 0.99) });
    };

    const send = (socket: Socket, count: number, sent: number[], now: number): void => {
      const batch: Buffer[] = [];
      for (let index = 0; index < count; index += 1) {
        const frame = frames[next % frames.length];
        if (frame) batch.push(frame);
        next += 1;
        sent.push(now);
      }
      socket.write(batch.length === 1 && batch[0] ? batch[0] : Buffer.concat(batch));
    };

    for (const socket of sockets) {
      const count = createFrameCounter();
      let sent: number[] = [];
      let oldest = 0;
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("the server closed the connection")));
      socket.on("data", (chunk) => {
        if (chunk.includes('"error":')) {
          reject(new Error(`the server refused: ${chunk.toString("utf8").slice(0, 300)}`));
          return;
        }
        const now = performance.now();
        const came = count(chunk);
        bytes += chunk.length;
        answers += came;
        for (const since of sent.slice(oldest, oldest + came)) waits.push(now - since);
        oldest += came;
        if (oldest > 4096) {
          sent = sent.slice(oldest);
          oldest = 0;
        }
        if (now - start >= milliseconds && answers > 0) finish(now);
        else if (came > 0) send(socket, came, sent, now);
      });
      send(socket, inFlight, sent, performance.now());
    }
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

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
