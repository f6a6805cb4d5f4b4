import { expect, test } from "vitest";
import { textFrame } from "../../daemon/text-frame.ts";
import { ANONYMOUS, openPair, type Pair } from "./connection-pair.ts";

const request = (method: string, id?: unknown) => ({
  jsonrpc: "2.0",
  method,
  ...(id !== undefined && { id }),
});
const methods = ({ started }: Pair) => started.map(({ method }) => method);
const finish = ({ started }: Pair, method: string) =>
  started.find((pending) => pending.method === method)?.finish();

test("requests start in the order in which they came and may finish in any", async () => {
  const pair = await openPair();
  for (const method of ["a", "b", "c"]) pair.client.send(request(method, method));
  await expect.poll(() => methods(pair)).toEqual(["a", "b", "c"]);
  finish(pair, "b");
  expect(await pair.client.next()).toMatchObject({ id: "b" });
  finish(pair, "a");
  expect(await pair.client.next()).toMatchObject({ id: "a" });
});

test("requests wait while a login is under way", async () => {
  const pair = await openPair();
  for (const method of ["a", "auth.login", "b"]) pair.client.send(request(method, method));
  await expect.poll(() => methods(pair)).toEqual(["a", "auth.login"]);
  finish(pair, "auth.login");
  await expect.poll(() => methods(pair)).toEqual(["a", "auth.login", "b"]);
});

test("each entry of a batch waits for the one before, and later requests for the last to start", async () => {
  const pair = await openPair();
  pair.client.send([request("a", 1), request("b", 2)]);
  pair.client.send(request("c", 3));
  await expect.poll(() => methods(pair)).toEqual(["a"]);
  finish(pair, "a");
  await expect.poll(() => methods(pair)).toEqual(["a", "b", "c"]);
  finish(pair, "c");
  expect(await pair.client.next()).toMatchObject({ id: 3 });
  finish(pair, "b");
  expect(await pair.client.next<unknown>()).toMatchObject([{ id: 1 }, { id: 2 }]);
});

test("events wait while a batch runs, so that its answers precede them", async () => {
  const pair = await openPair();
  pair.client.send([request("a", 1), request("b", 2)]);
  await expect.poll(() => methods(pair)).toEqual(["a"]);
  pair.connection.sendEvent(textFrame('{"event":1}'));
  finish(pair, "a");
  await expect.poll(() => methods(pair)).toEqual(["a", "b"]);
  pair.connection.sendEvent(textFrame('{"event":2}'));
  finish(pair, "b");
  expect(await pair.client.next<unknown>()).toMatchObject([{ id: 1 }, { id: 2 }]);
  expect(await pair.client.next<unknown>()).toEqual({ event: 1 });
  expect(await pair.client.next<unknown>()).toEqual({ event: 2 });
});

test("past its requests in flight a client is not read, and nothing of it is refused", async () => {
  const pair = await openPair({ inFlight: 2 });
  for (const method of ["a", "b", "c", "d"]) pair.client.send(request(method, method));
  await expect.poll(() => pair.socket.isPaused).toBe(true);
  expect(methods(pair)).toEqual(["a", "b"]);
  for (const method of ["a", "b", "c", "d"]) {
    await expect.poll(() => methods(pair)).toContain(method);
    finish(pair, method);
    expect(await pair.client.next()).toMatchObject({ id: method });
  }
  expect(pair.socket.isPaused).toBe(false);
});

test("a binary frame closes with 1003", async () => {
  const { client } = await openPair();
  client.socket.send(Buffer.from("{}"));
  expect(await client.closed).toMatchObject({ code: 1003 });
});

test("a frame is let in at the limit, and one byte more closes with 1009", async () => {
  const { client } = await openPair({ frameBytes: 1000 });
  expect(await client.ask("x".repeat(1000))).toMatchObject({ error: { code: -32700 } });
  client.send("x".repeat(1001));
  expect(await client.closed).toMatchObject({ code: 1009 });
});

test("before authentication frames are smaller", async () => {
  const { client } = await openPair({ anonymousFrameBytes: 1000 }, ANONYMOUS);
  expect(await client.ask("x".repeat(1000))).toMatchObject({ error: { code: -32700 } });
  client.send("x".repeat(1001));
  expect(await client.closed).toMatchObject({ code: 1009 });
});

test("a stranger's large frame is not even collected", async () => {
  const { client } = await openPair({ anonymousFrameBytes: 1000 }, ANONYMOUS);
  client.socket.send("x".repeat(400_000), { fin: false });
  expect(await client.closed).toMatchObject({ code: 1009 });
});

test("after authentication a large frame is let in", async () => {
  const { client, connection } = await openPair({ anonymousFrameBytes: 1000 }, ANONYMOUS);
  connection.become({ kind: "key", keyId: "k", address: "192.0.2.7" });
  expect(await client.ask("x".repeat(400_000))).toMatchObject({ error: { code: -32700 } });
});

test("who does not authenticate in time is closed", async () => {
  const { client, clock, connection } = await openPair({ authenticateMs: 60_000 }, ANONYMOUS);
  clock.advance(59_999);
  connection.checkTime();
  expect(connection.isOpen).toBe(true);
  clock.advance(1);
  connection.checkTime();
  expect(await client.closed).toMatchObject({ code: 1008, reason: "not authenticated within 60 s" });
});

test("after a logout the time to authenticate begins again", async () => {
  const { clock, connection } = await openPair({ authenticateMs: 60_000 });
  clock.advance(100_000);
  connection.become(ANONYMOUS);
  connection.checkTime();
  expect(connection.isOpen).toBe(true);
});

test("a peer that answers pings stays, one that missed two is cut off", async () => {
  const { client, clock, connection, socket } = await openPair();
  for (let round = 0; round < 3; round += 1) {
    const answered = new Promise((resolve) => socket.once("pong", resolve));
    clock.advance(20_000);
    connection.checkTime();
    await answered;
  }
  socket.removeAllListeners("pong");
  for (let round = 0; round < 3; round += 1) {
    expect(connection.isOpen).toBe(true);
    clock.advance(20_000);
    connection.checkTime();
  }
  expect(await client.closed).toMatchObject({ code: 1006 });
});

/** Lets more answers pile up than the system takes from us. */
function flood({ connection }: Pair, frames: number, live: boolean): void {
  const frame = textFrame(JSON.stringify({ filler: "x".repeat(100_000) }));
  for (let sent = 0; sent < frames; sent += 1) {
    if (live) connection.sendEvent(frame);
    else connection.replayEvent(frame);
  }
}

test("a client that does not read its events is closed, with what it costs given back", async () => {
  const pair = await openPair({ liveEventBytes: 4_000_000 });
  pair.client.socket.pause();
  flood(pair, 200, true);
  expect(pair.connection.isOpen).toBe(false);
  pair.client.socket.resume();
  expect(await pair.client.closed).toMatchObject({ code: 1013 });
});

test("a client that reads nothing for long is closed, one that is slow but reads is not", async () => {
  const pair = await openPair({ stallMs: 30_000 });
  const { client, clock, connection } = pair;
  client.socket.pause();
  flood(pair, 200, false);
  connection.checkTime();
  clock.advance(29_000);
  connection.checkTime();
  expect(connection.isOpen).toBe(true);

  client.socket.resume();
  await client.next<unknown>();
  client.socket.pause();
  clock.advance(2_000);
  connection.checkTime();
  expect(connection.isOpen).toBe(true);
});

test("who reads nothing at all is closed after the time for it", async () => {
  const pair = await openPair({ stallMs: 30_000 });
  pair.client.socket.pause();
  flood(pair, 200, false);
  pair.connection.checkTime();
  pair.clock.advance(30_000);
  pair.connection.checkTime();
  expect(pair.connection.isOpen).toBe(false);
});

test("while much is unsent the client is not read; once it has caught up it is", async () => {
  const pair = await openPair({ unsentBytes: 1_000_000 });
  const { client, connection, socket } = pair;
  client.socket.pause();
  flood(pair, 200, false);
  client.send(request("a", 1));
  await expect.poll(() => socket.isPaused).toBe(true);
  let hasRoom = false;
  connection.room().then(() => {
    hasRoom = true;
  });
  client.socket.resume();
  for (let frame = 0; frame < 200; frame += 1) await client.next<unknown>();
  await expect.poll(() => socket.isPaused).toBe(false);
  expect(hasRoom).toBe(true);
});
