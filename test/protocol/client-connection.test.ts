import { expect, test } from "vitest";
import {
  type ClientOptions,
  ConnectionLost,
  type ConnectionState,
  createClient,
} from "../../protocol/index.ts";
import { connected, inPhase } from "./connected.ts";
import { FakeDaemon, FakeTimers, principal } from "./fake-daemon.ts";

function prepare(options: Partial<ClientOptions> = {}) {
  const daemon = new FakeDaemon();
  const timers = new FakeTimers();
  const start = () => createClient({ connect: daemon.connect, timers, ...options });
  return { daemon, timers, start };
}

const expiresAt = "2026-12-22T20:17:36.000Z";

test("a daemon that is not there ends the client at its first attempt, with the reason", async () => {
  const { daemon, start } = prepare();
  daemon.down = true;
  const client = start();
  await expect(client.online()).rejects.toThrow("nobody listens");
  expect(client.state).toMatchObject({ phase: "closed", error: { message: "nobody listens" } });
  expect(daemon.attempts).toBe(1);
});

test("a client told to keep trying reports each failure and comes online later", async () => {
  const { daemon, timers, start } = prepare({ reconnect: "always" });
  daemon.down = true;
  const client = start();
  const { retryAt, error } = await inPhase(client, "waiting");
  expect(error.message).toBe("nobody listens");
  expect(retryAt).toBe(timers.now() + 500);
  daemon.down = false;
  timers.advance(500);
  const connection = await daemon.accept();
  await connection.answerNext("auth.whoami", principal("local"));
  expect((await client.online()).kind).toBe("local");
});

test("a client told never to reconnect is closed by a lost connection", async () => {
  const { client, connection } = await connected({ reconnect: "never" });
  connection.drop(1001);
  const { error } = await inPhase(client, "closed");
  expect(error).toBeInstanceOf(ConnectionLost);
  expect(error?.message).toContain("the daemon is stopping");
});

test("the delays double from half a second to thirty", async () => {
  const { client, connection, daemon, timers } = await connected();
  daemon.down = true;
  connection.drop();
  const delays: number[] = [];
  for (let attempt = 0; attempt < 9; attempt++) {
    const { retryAt } = await inPhase(client, "waiting");
    delays.push(retryAt - timers.now());
    const again = inPhase(client, "connecting");
    timers.advance(retryAt - timers.now());
    await again;
  }
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test("chance shortens a delay by up to a half, so that many clients do not come at once", async () => {
  const { client, connection, timers } = await connected();
  timers.random = () => 0.5;
  connection.drop();
  const { retryAt } = await inPhase(client, "waiting");
  expect(retryAt - timers.now()).toBe(375);
});

test("a daemon that hangs up on everybody is not asked faster and faster", async () => {
  const { client, connection, daemon, timers } = await connected();
  connection.drop();
  const delays: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const { retryAt } = await inPhase(client, "waiting");
    delays.push(retryAt - timers.now());
    timers.advance(retryAt - timers.now());
    const next = await daemon.accept();
    await next.answerNext("auth.whoami", principal("local"));
    await inPhase(client, "online");
    next.drop();
  }
  expect(delays).toEqual([500, 1000, 2000]);
});

test("after a connection that held, the first delay is short again", async () => {
  const { client, connection, daemon, timers } = await connected();
  connection.drop();
  await inPhase(client, "waiting");
  timers.advance(500);
  const next = await daemon.accept();
  await next.answerNext("auth.whoami", principal("local"));
  await inPhase(client, "online");
  timers.advance(5_000);
  next.drop();
  const { retryAt } = await inPhase(client, "waiting");
  expect(retryAt - timers.now()).toBe(500);
});

test("the daemon's own wish to be left alone for a while is respected", async () => {
  const { daemon, timers, start } = prepare({ credential: { token: "rs_1" }, reconnect: "always" });
  const client = start();
  const connection = await daemon.accept();
  connection.refuse(await connection.request("auth.resume"), 429, {
    reason: "rateLimited",
    retryAfterMs: 9_000,
  });
  await connection.answerNext("auth.whoami", principal("anonymous"));
  const { retryAt } = await inPhase(client, "waiting");
  expect(retryAt - timers.now()).toBe(9_000);
  await connection.closedByClient();
});

test("an API key is proven on every connection", async () => {
  const { daemon, timers, start } = prepare({ credential: { key: "rk_1" } });
  const client = start();
  for (let round = 0; round < 2; round++) {
    const connection = await daemon.accept();
    const { params } = await connection.answerNext("auth.loginWithKey", { principal: principal("key") });
    expect(params).toEqual({ key: "rk_1" });
    const { principal: now } = await inPhase(client, "online");
    expect(now.kind).toBe("key");
    connection.drop();
    await inPhase(client, "waiting");
    timers.advance(1_000);
  }
});

test("after a login the next connection resumes the session by its token", async () => {
  const { client, connection, daemon, timers } = await connected();
  const login = client.call("auth.login", { username: "ann", password: "correct horse battery" });
  const session = principal("session", { username: "ann" });
  await connection.answerNext("auth.login", { token: "rs_ann", expiresAt, principal: session });
  await login;
  expect(client.state).toMatchObject({ phase: "online", principal: session });
  connection.drop();
  timers.advance(500);
  const next = await daemon.accept();
  const { params } = await next.answerNext("auth.resume", { expiresAt, principal: session });
  expect(params).toEqual({ token: "rs_ann" });
  expect((await client.online()).username).toBe("ann");
});

test("a session that has ended leaves the client online and anonymous, with the reason", async () => {
  const { client, connection, daemon, timers } = await connected({ credential: undefined });
  const login = client.call("auth.login", { username: "ann", password: "correct horse battery" });
  await connection.answerNext("auth.login", { token: "rs_ann", expiresAt, principal: principal("session") });
  await login;
  connection.drop(4401, "");
  const { error } = await inPhase(client, "waiting");
  expect(error.message).toContain("the session or key has ended");
  timers.advance(500);
  const next = await daemon.accept();
  next.refuse(await next.request("auth.resume"), 401, { reason: "sessionExpired" });
  await next.answerNext("auth.whoami", principal("anonymous"));
  const state = await inPhase(client, "online");
  expect(state.principal.kind).toBe("anonymous");
  expect(state.refused?.reason).toBe("sessionExpired");
  next.drop();
  await inPhase(client, "waiting");
  timers.advance(1_000);
  await (await daemon.accept()).request("auth.whoami");
});

test("after auth.logout nothing is proven any more", async () => {
  const { daemon, timers, start } = prepare({ credential: { token: "rs_1" } });
  const client = start();
  const connection = await daemon.accept();
  await connection.answerNext("auth.resume", { expiresAt, principal: principal("session") });
  await client.online();
  const logout = client.call("auth.logout", {});
  await connection.answerNext("auth.logout", {});
  await logout;
  expect(client.state).toMatchObject({ phase: "online", principal: { kind: "anonymous" } });
  connection.drop();
  timers.advance(500);
  await (await daemon.accept()).request("auth.whoami");
});

test("a connection that needs no login is used as it is, key or not", async () => {
  const { daemon, start } = prepare({ credential: { key: "rk_1" } });
  const client = start();
  const connection = await daemon.accept();
  connection.refuse(await connection.request("auth.loginWithKey"), 422, { reason: "invalidState" });
  await connection.answerNext("auth.whoami", principal("local"));
  expect((await client.online()).kind).toBe("local");
  expect(client.state).toMatchObject({ refused: null });
});

test("a changed password lets the session go on without asking again", async () => {
  const { client, connection } = await connected();
  const login = client.call("auth.login", { username: "ann", password: "first password given" });
  const session = principal("session", { mustChangePassword: true });
  await connection.answerNext("auth.login", { token: "rs_ann", expiresAt, principal: session });
  await login;
  const change = client.call("users.changePassword", { newPassword: "another one of her own" });
  await connection.answerNext("users.changePassword", {});
  await change;
  expect(client.state).toMatchObject({ principal: { mustChangePassword: false } });
});

test("closing rejects what is pending, ends the reconnecting and is final", async () => {
  const { client, connection, daemon, timers } = await connected();
  const answer = client.call("system.ping", {});
  const outcome = expect(answer).rejects.toBeInstanceOf(ConnectionLost);
  await connection.request("system.ping");
  client.close();
  await outcome;
  expect(client.state).toEqual({ phase: "closed", error: null });
  timers.advance(60_000);
  expect(daemon.attempts).toBe(1);
  await expect(client.online()).rejects.toThrow("Not connected");
});

test("closing while waiting to reconnect leaves no timer", async () => {
  const { client, connection, timers } = await connected();
  connection.drop();
  await inPhase(client, "waiting");
  client.close();
  expect(timers.count).toBe(0);
});

test("closing while a connection is being opened closes that one too", async () => {
  const { daemon, start } = prepare();
  const client = start();
  const connection = await daemon.accept();
  const request = await connection.request("auth.whoami");
  client.close();
  connection.answer(request, principal("local"));
  await connection.closedByClient();
  expect(client.state.phase).toBe("closed");
});

test("every change of state is told once, in order, until the listener leaves", async () => {
  const { daemon, timers, start } = prepare();
  const client = start();
  const phases: ConnectionState["phase"][] = [];
  const leave = client.onState(({ phase }) => phases.push(phase));
  const connection = await daemon.accept();
  await connection.answerNext("auth.whoami", principal("local"));
  await client.online();
  connection.drop();
  timers.advance(500);
  await daemon.accept();
  leave();
  client.close();
  expect(phases).toEqual(["online", "waiting", "connecting"]);
});
