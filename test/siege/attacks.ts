/** The attackers, in a process of their own, so that what they cost is not felt by whom is measured. */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ProtocolError } from "../../protocol/index.ts";
import { openWebSocket, textFrame } from "../bench/raw-socket.ts";
import { RawClient } from "../daemon/raw-client.ts";

export interface Target {
  url: string;
  /** An administrator's key. */
  key: string;
  /** Of the account `user-1`. */
  password: string;
}

/** What came of an attack, in words; and what is to be done to end it. */
interface Siege {
  came: string;
  lift?: () => void;
}

export const attacks = { logins, bombs, stoppedReaders, halfOpen, idle, descriptors };
export type AttackName = keyof typeof attacks;

let lastAddress = 0;

/** As a proxy would say it: another address for each attacker. */
function fromElsewhere(): Record<string, string> {
  lastAddress += 1;
  return { "X-Forwarded-For": `198.51.${100 + (lastAddress >> 8)}.${lastAddress & 255}` };
}

const stranger = ({ url }: Target) => RawClient.open(url, { headers: fromElsewhere() });
const bearer = (target: Target) => RawClient.open(target.url, { headers: asKey(target) });

function asKey({ key }: Target): Record<string, string> {
  return { ...fromElsewhere(), Authorization: `Bearer ${key}` };
}

/** 100 machines log in at once, and try again when they are told to. */
async function logins(target: Target): Promise<Siege> {
  let busy = 0;
  let late = 0;
  const begun = performance.now();
  const waits = await Promise.all(
    Array.from({ length: 100 }, async () => {
      let client = await stranger(target);
      for (;;) {
        try {
          await client.call("auth.login", { username: "user-1", password: target.password });
          client.socket.terminate();
          return performance.now() - begun;
        } catch (error) {
          if (error instanceof ProtocolError && error.reason === "busy") {
            busy += 1;
            await sleep(Number(error.data?.retryAfterMs));
          } else if (client.socket.readyState === client.socket.CLOSED) {
            // Not in within 60 s: on a machine that has other things to do.
            late += 1;
            client = await stranger(target);
          } else {
            throw error;
          }
        }
      }
    }),
  );
  const seconds = Math.max(...waits) / 1000;
  return {
    came: `all 100 in after ${seconds.toFixed(1)} s, ${busy} times told to come back, ${late} times to connect anew`,
  };
}

/** 1,000 messages of which each is too much: too large, too deep, too many in one. */
async function bombs(target: Target): Promise<Siege> {
  const large = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "system.ping",
    params: { x: "x".repeat(2 ** 21) },
  });
  const deep = `{"jsonrpc":"2.0","id":1,"method":"users.list","params":{"filter":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}}`;
  const many = JSON.stringify(Array(10_000).fill({ jsonrpc: "2.0", id: 1, method: "users.list" }));
  const outcomes = new Map<string, number>();
  const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  for (let round = 0; round < 1000; round += 20) {
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const client = index % 2 === 0 ? await bearer(target) : await stranger(target);
        const answer = client
          .next<{ error?: { code: number } }>()
          .then(({ error }) => count(`error ${error?.code}`));
        const closed = client.closed.then(({ code }) => count(`closed ${code}`));
        client.send([large, deep, many][(round + index) % 3]);
        await Promise.race([answer.catch(() => closed), closed]);
        client.socket.terminate();
      }),
    );
  }
  const told = [...outcomes].filter(([outcome]) => !outcome.endsWith("1006")).sort();
  return { came: told.map(([outcome, times]) => `${outcome} ${times} times`).join(", ") };
}

/** 10 clients that ask and subscribe, and do not read. */
async function stoppedReaders(target: Target): Promise<Siege> {
  const sockets = await Promise.all(
    Array.from({ length: 10 }, () => openWebSocket(target.url, asKey(target))),
  );
  const ask = textFrame(
    JSON.stringify({ jsonrpc: "2.0", id: 1, method: "users.list", params: { limit: 500 } }),
  );
  const subscribe = textFrame(JSON.stringify({ jsonrpc: "2.0", id: 2, method: "events.subscribe" }));
  const closings = sockets.map((socket) => {
    socket.pause();
    socket.write(subscribe);
    for (let times = 0; times < 500; times += 1) socket.write(ask);
    return gone(socket);
  });
  const begun = performance.now();
  await Promise.all(closings);
  return { came: `all 10 closed within ${((performance.now() - begun) / 1000).toFixed(0)} s` };
}

/** 200 that begin to connect and do not go on, and 200 whose machine is gone: they answer no ping. */
async function halfOpen(target: Target): Promise<Siege> {
  const { hostname, port } = new URL(target.url);
  const begun = performance.now();
  const beginners = Array.from({ length: 200 }, () => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write("GET /rpc HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    return socket.resume();
  });
  const silent = await Promise.all(
    Array.from({ length: 200 }, () => openWebSocket(target.url, asKey(target))),
  );
  const seconds = async (sockets: readonly Socket[]) => {
    await Promise.all(sockets.map((socket) => gone(socket.resume())));
    return ((performance.now() - begun) / 1000).toFixed(0);
  };
  const [first, second] = await Promise.all([seconds(beginners), seconds(silent)]);
  return { came: `beginners cut within ${first} s, silent ones within ${second} s` };
}

/** 1,000 clients that do nothing. */
async function idle(target: Target): Promise<Siege> {
  const clients: RawClient[] = [];
  for (let done = 0; done < 1000; done += 50) {
    clients.push(...(await Promise.all(Array.from({ length: 50 }, () => bearer(target)))));
  }
  await sleep(3000);
  return {
    came: `${clients.filter(({ socket }) => socket.readyState === socket.OPEN).length} stay connected`,
    lift: () => {
      for (const { socket } of clients) socket.terminate();
    },
  };
}

/** More connections than the daemon may have files open. */
async function descriptors(target: Target): Promise<Siege> {
  const sockets = Array.from({ length: 300 }, () => {
    const { hostname, port } = new URL(target.url);
    return connect({ host: hostname, port: Number(port) });
  });
  for (const socket of sockets) socket.on("error", () => {}).resume();
  await sleep(3000);
  const open = sockets.filter((socket) => !socket.closed).length;
  return {
    came: `${sockets.length - open} of ${sockets.length} cut off`,
    lift: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A ping, masked with zeros (RFC 6455, section 5.5.2). */
const PING = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);

/** Resolves once the socket is over. A paused one does not hear of its end: it finds out by writing. */
function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const look = setInterval(() => socket.isPaused() && socket.write(PING), 500);
    socket.on("error", () => {});
    socket.once("close", () => {
      clearInterval(look);
      resolve();
    });
  });
}

const [, , name, target] = process.argv;
if (name && target && name in attacks) {
  const { came, lift } = await attacks[name as AttackName](JSON.parse(target));
  process.send?.(came);
  process.once("disconnect", () => {
    lift?.();
    process.exit(0);
  });
}
