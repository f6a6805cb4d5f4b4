import { once } from "node:events";
import { stat } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { issueSecret } from "../../daemon/directory/secrets.ts";
import { createHttpHandler } from "../../daemon/http.ts";
import { startTestDaemon, type TestDaemon } from "./start-daemon.ts";

/** A user `mia` with a key that has all her permissions. */
async function makeKey(daemon: TestDaemon): Promise<string> {
  const operator = await daemon.operator();
  await operator.call("users.create", { username: "mia", roles: ["viewer"] });
  const { secret } = await operator.call("keys.create", { user: "mia", name: "tool" });
  return secret;
}

test("a TCP connection speaks for nobody, the Unix socket for the operator", async () => {
  const daemon = await startTestDaemon();
  const stranger = await daemon.stranger();
  const operator = await daemon.operator();
  expect(await stranger.call("auth.whoami", {})).toMatchObject({ kind: "anonymous", permissions: [] });
  expect(await operator.call("auth.whoami", {})).toMatchObject({ kind: "local" });
  await expect(stranger.call("users.list", {})).rejects.toMatchObject({ code: 401 });
  expect(await operator.call("users.list", {})).toMatchObject({ total: 0 });
});

test("the socket is for its owner and group only, and is gone after the end", async () => {
  const daemon = await startTestDaemon();
  const path = `${daemon.directory}/rosterd.sock`;
  expect((await stat(path)).mode & 0o777).toBe(0o660);
  await daemon.stop();
  await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
});

test("nothing is compressed, whatever a client offers", async () => {
  const daemon = await startTestDaemon();
  const offering = { perMessageDeflate: { threshold: 0, clientNoContextTakeover: true } };
  for (const client of [await daemon.stranger(offering), await daemon.operator(offering)]) {
    expect(client.socket.extensions).toBe("");
    expect(await client.call("auth.whoami", {})).toHaveProperty("kind");
  }
});

test("the upgrade request may bear a key, on either listener", async () => {
  const daemon = await startTestDaemon();
  const secret = await makeKey(daemon);
  const overTcp = await daemon.bearer(secret);
  expect(await overTcp.call("auth.whoami", {})).toMatchObject({ kind: "key", username: "mia" });
  const overUnix = await daemon.operator({ headers: { Authorization: `Bearer ${secret}` } });
  expect(await overUnix.call("auth.whoami", {})).toMatchObject({ kind: "key", username: "mia" });
});

test("the upgrade request may bear a session's token", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const password = "correct horse battery staple";
  await operator.call("users.create", { username: "mia", password, mustChangePassword: false });
  const login = await (await daemon.stranger()).call("auth.login", { username: "mia", password });
  const client = await daemon.bearer(login.token);
  expect(await client.call("auth.whoami", {})).toMatchObject({ kind: "session", username: "mia" });
});

test.each([
  ["an unknown key", `Bearer rk_${"a".repeat(12)}_${"b".repeat(49)}`],
  ["an empty bearer", "Bearer "],
  ["another scheme", "Basic bWlhOnNlY3JldA=="],
])("a bad bearer is refused with HTTP 401: %s", async (_name, Authorization) => {
  const daemon = await startTestDaemon();
  await expect(daemon.stranger({ headers: { Authorization } })).rejects.toThrow("401");
});

test("a secret in the URL opens nothing", async () => {
  const daemon = await startTestDaemon();
  const secret = await makeKey(daemon);
  const client = new WebSocket(`${daemon.url}?token=${secret}`);
  const [error] = await new Promise<[Error]>((resolve) => client.once("error", (...all) => resolve(all)));
  expect(error.message).toContain("404");
});

test.each([
  ["a rebound name", { Host: "evil.example:7420" }],
  ["a name that begins like loopback", { Host: "127.0.0.1.evil.example" }],
  ["localhost in front of another name", { Host: "localhost.evil.example" }],
  ["a page of another site", { Origin: "https://evil.example" }],
  ["a page without an origin of its own", { Origin: "null" }],
  ["a page whose site begins like loopback", { Origin: "http://localhost.evil.example" }],
])("a browser is kept out with HTTP 403: %s", async (_name, headers) => {
  const daemon = await startTestDaemon();
  await expect(daemon.stranger({ headers })).rejects.toThrow("403");
});

test.each([
  ["localhost", { Host: "localhost:7420" }],
  ["IPv6 loopback", { Host: "[::1]:7420" }],
  ["a configured name", { Host: "roster.lan" }],
  ["a page served on loopback", { Origin: "http://localhost:3000" }],
  ["a configured origin", { Origin: "https://studio.example" }],
])("who may call passes: %s", async (_name, headers) => {
  const config = { allowedHosts: ["roster.lan"], allowedOrigins: ["https://studio.example"] };
  const daemon = await startTestDaemon({ config });
  const client = await daemon.stranger({ headers });
  expect(await client.call("system.ping", {})).toHaveProperty("at");
});

test("the client's label is cleaned and cut before anybody sees it", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const password = "correct horse battery staple";
  await operator.call("users.create", { username: "mia", password, mustChangePassword: false });
  await operator.call("events.subscribe", { topics: ["sessions"] });
  const label = `${Buffer.from("Zoë \u202e\u200b").toString("latin1")}${"x".repeat(300)}`;
  const client = await daemon.stranger({ headers: { "Roster-Client": label } });
  await client.call("auth.login", { username: "mia", password });
  expect(await operator.event()).toMatchObject({
    type: "session.created",
    data: { session: { client: `Zoë ${"x".repeat(196)}` } },
  });
});

test("health and readiness are plain HTTP, and nothing else is there", async () => {
  const daemon = await startTestDaemon();
  const base = daemon.url.replace("ws:", "http:").replace("/rpc", "");
  const status = async (path: string, init?: RequestInit) => (await fetch(`${base}${path}`, init)).status;
  expect(await status("/healthz")).toBe(200);
  expect(await status("/readyz")).toBe(200);
  expect(await status("/healthz", { method: "HEAD" })).toBe(200);
  expect(await status("/healthz", { method: "POST" })).toBe(405);
  expect(await status("/rpc")).toBe(426);
  expect(await status("/")).toBe(404);
  expect(await status("/rpc/")).toBe(404);
  expect(await status("/healthz?x=1")).toBe(404);
});

test("while changes are refused the daemon is alive but not ready, and says why", async () => {
  const status = () => ({
    ...{ kind: "json", users: 0, seq: 0, epoch: "", journalBytes: 0, snapshotBytes: 0 },
    healthy: false,
    reason: "ENOSPC: no space left on device, write",
  });
  const metrics = () => Promise.reject(new Error("not part of this test"));
  const server = createServer(createHttpHandler({ status, metrics })).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ready = await fetch(`${base}/readyz`);
  expect({ status: ready.status, text: await ready.text() }).toEqual({
    status: 503,
    text: "ENOSPC: no space left on device, write\n",
  });
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
});

test("health is answered on the Unix socket too", async () => {
  const daemon = await startTestDaemon();
  const socketPath = `${daemon.directory}/rosterd.sock`;
  const status = await new Promise((resolve) => {
    httpRequest({ socketPath, path: "/readyz" }, (response) => resolve(response.resume().statusCode)).end();
  });
  expect(status).toBe(200);
});

test("one connection over the limit is told to come back later", async () => {
  const daemon = await startTestDaemon({ limits: { connections: 3 } });
  const clients = [await daemon.operator(), await daemon.stranger(), await daemon.operator()];
  await expect(daemon.operator()).rejects.toThrow("503");
  await clients[0]?.close();
  expect(await (await daemon.operator()).call("system.ping", {})).toHaveProperty("at");
});

test("an address has so many connections that have not authenticated, and others are let in", async () => {
  const daemon = await startTestDaemon({ limits: { anonymousPerAddress: 2 } });
  const secret = await makeKey(daemon);
  const first = await daemon.stranger();
  await daemon.stranger();
  await expect(daemon.stranger()).rejects.toThrow("429");
  await daemon.bearer(secret);
  await first.call("auth.loginWithKey", { key: secret });
  await daemon.stranger();
  await expect(daemon.stranger()).rejects.toThrow("429");
});

test("bytes that are not HTTP end their own connection only", async () => {
  const daemon = await startTestDaemon();
  const { port, hostname } = new URL(daemon.url);
  const socket = connect(Number(port), hostname);
  socket.end("\u0016\u0003\u0001 this is no HTTP\r\n\r\n");
  await new Promise((resolve) => socket.once("close", resolve).resume());
  expect(await (await daemon.stranger()).call("system.ping", {})).toHaveProperty("at");
});

test("stopping says goodbye to everybody", async () => {
  const daemon = await startTestDaemon();
  const clients = [await daemon.stranger(), await daemon.operator()];
  await daemon.stop();
  for (const client of clients) expect(await client.closed).toMatchObject({ code: 1001 });
});

test("who connected and says nothing does not keep it from stopping", async () => {
  const daemon = await startTestDaemon();
  const { port, hostname } = new URL(daemon.url);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once("connect", resolve));
  const closed = new Promise((resolve) => socket.resume().once("close", resolve));
  await daemon.stop();
  await closed;
});

test("with socketAuth login the Unix socket lets in nobody but who logs in", async () => {
  const directory = await startTestDaemon();
  const secret = await makeKey(directory);
  await directory.stop();
  const daemon = await startTestDaemon({ config: { data: directory.directory, socketAuth: "login" } });
  const client = await daemon.operator();
  expect(await client.call("auth.whoami", {})).toMatchObject({ kind: "anonymous", permissions: [] });
  await expect(client.call("users.list", {})).rejects.toMatchObject({ code: 401 });
  await client.call("auth.loginWithKey", { key: secret });
  expect(await client.call("users.list", {})).toMatchObject({ total: 1 });
  const bearer = await daemon.operator({ headers: { Authorization: `Bearer ${secret}` } });
  expect(await bearer.call("auth.whoami", {})).toMatchObject({ kind: "key" });
});

test.each([
  ["a trusted proxy", ["127.0.0.0/8"], "203.0.113.9"],
  ["a peer that is none", ["192.0.2.1"], "127.0.0.1"],
])("X-Forwarded-For of %s", async (_name, trustedProxies, address) => {
  const daemon = await startTestDaemon({ config: { trustedProxies } });
  const operator = await daemon.operator();
  const password = "correct horse battery staple";
  await operator.call("users.create", { username: "mia", password, mustChangePassword: false });
  await operator.call("events.subscribe", { topics: ["sessions"] });
  const client = await daemon.stranger({ headers: { "X-Forwarded-For": "127.0.0.1, 203.0.113.9" } });
  await client.call("auth.login", { username: "mia", password });
  expect(await operator.event()).toMatchObject({ actor: { address }, data: { session: { address } } });
});

test("behind a trusted proxy each client has its own budget, and its own room", async () => {
  const config = { trustedProxies: ["127.0.0.1"] };
  const daemon = await startTestDaemon({ config, limits: { anonymousPerAddress: 1 } });
  const from = (address: string) => daemon.stranger({ headers: { "X-Forwarded-For": address } });
  await from("203.0.113.1");
  await expect(from("203.0.113.1")).rejects.toThrow("429");
  const [guesser, other] = [await from("203.0.113.2"), await from("203.0.113.3")];
  const guess = { key: issueSecret("rk").secret };
  for (let count = 0; count < 20; count += 1) {
    await expect(guesser.call("auth.loginWithKey", guess)).rejects.toMatchObject({ code: 401 });
  }
  await expect(guesser.call("auth.loginWithKey", guess)).rejects.toMatchObject({ code: 429 });
  await expect(other.call("auth.loginWithKey", guess)).rejects.toMatchObject({ code: 401 });
});
