import { expect, onTestFinished, test, vi } from "vitest";
import { defaultLimits } from "../../daemon/limits.ts";
import type { Params } from "../../protocol/index.ts";
import { Scrypt } from "./directory/password-records.ts";
import type { RawClient } from "./raw-client.ts";
import { startTestDaemon, type TestDaemon } from "./start-daemon.ts";

const PASSWORD = "correct horse battery staple";
const ping = (id: unknown) => ({ jsonrpc: "2.0", method: "system.ping", id });

/** A ping of exactly so many bytes. */
const pingOf = (bytes: number) => JSON.stringify(ping(1)).padEnd(bytes, " ");

async function operatorOf(limits: Partial<typeof defaultLimits> = {}): Promise<RawClient> {
  return (await startTestDaemon({ limits })).operator();
}

/** Mia, who is a normal user, and a connection that she has logged in on. */
async function startWithMia(limits: Partial<typeof defaultLimits> = {}) {
  const daemon = await startTestDaemon({ limits });
  const operator = await daemon.operator();
  await operator.call("users.create", { username: "mia", password: PASSWORD, mustChangePassword: false });
  return { daemon, operator };
}

const login = (client: RawClient, password = PASSWORD) =>
  client.call("auth.login", { username: "mia", password });

async function loggedIn(daemon: TestDaemon): Promise<RawClient> {
  const client = await daemon.stranger();
  await login(client);
  return client;
}

test("system.info tells every limit as it is configured", async () => {
  const operator = await operatorOf({ batchEntries: 7, keysPerUser: 3 });
  const { limits } = await operator.call("system.info", {});
  expect(limits).toEqual({ ...defaultLimits, batchEntries: 7, keysPerUser: 3 });
});

test("a stranger's frame has 16 KiB", async () => {
  const stranger = await (await startTestDaemon()).stranger();
  expect(await stranger.ask(pingOf(16 * 1024))).toMatchObject({ id: 1, result: {} });
  stranger.send(pingOf(16 * 1024 + 1));
  const reason = "before authentication a frame has at most 16384 bytes";
  expect(await stranger.closed).toEqual({ code: 1009, reason });
});

test("a frame of who has authenticated has 1 MiB", async () => {
  const { daemon, operator } = await startWithMia();
  for (const client of [operator, await loggedIn(daemon)]) {
    expect(await client.ask(pingOf(1024 * 1024))).toMatchObject({ id: 1, result: {} });
    client.send(pingOf(1024 * 1024 + 1));
    expect(await client.closed).toMatchObject({ code: 1009 });
  }
});

test("a message has 32 levels, alone and in a batch", async () => {
  const operator = await operatorOf();
  // The message, its parameters and the settings are three levels.
  const nested = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels));
  const save = (levels: number) => ({
    jsonrpc: "2.0",
    method: "settings.save",
    params: { user: "nobody", settings: { studio: nested(levels) } },
    id: 1,
  });
  expect(await operator.ask(save(29))).toMatchObject({ error: { code: 404 } });
  expect(await operator.ask(save(30))).toMatchObject({ id: 1, error: { code: -32600 } });
  expect(await operator.ask([save(28)])).toMatchObject([{ error: { code: 404 } }]);
  expect(await operator.ask([save(29)])).toMatchObject([{ id: 1, error: { code: -32600 } }]);
});

test("a batch has 50 entries", async () => {
  const operator = await operatorOf();
  const batch = (entries: number) => Array.from({ length: entries }, (_, id) => ping(id));
  expect(await operator.ask<unknown[]>(batch(50))).toHaveLength(50);
  expect(await operator.ask(batch(51))).toMatchObject({
    id: null,
    error: { code: -32600, message: expect.stringContaining("51 entries, at most 50") },
  });
});

test("more requests than may be in flight are all answered", async () => {
  const operator = await operatorOf({ inFlight: 2 });
  for (let id = 0; id < 200; id += 1) operator.send(ping(id));
  for (let id = 0; id < 200; id += 1) expect(await operator.next()).toMatchObject({ id, result: {} });
});

test("who is silent has 60 s to authenticate", async () => {
  const daemon = await startTestDaemon();
  const stranger = await daemon.stranger();
  daemon.clock.advance(59_999);
  await daemon.check();
  expect(await stranger.call("system.ping", {})).toHaveProperty("at");
  daemon.clock.advance(1);
  await daemon.check();
  expect(await stranger.closed).toEqual({ code: 1008, reason: "not authenticated within 60 s" });
});

test("an id has 64 characters, or is a safe integer", async () => {
  const operator = await operatorOf();
  const accepted = ["x".repeat(64), Number.MAX_SAFE_INTEGER, null];
  for (const id of accepted) expect(await operator.ask(ping(id))).toMatchObject({ id, result: {} });
  for (const id of ["x".repeat(65), Number.MAX_SAFE_INTEGER + 1, 1.5]) {
    expect(await operator.ask(ping(id))).toMatchObject({ id: null, error: { code: -32600 } });
  }
});

const text = (length: number) => "x".repeat(length);
const create = (params: Partial<Params<"users.create">>) => ({ username: "ben", ...params });

test.each<[string, (size: number) => Params<"users.create">, number]>([
  ["a username", (size) => create({ username: text(size) }), 64],
  ["a full name", (size) => create({ fullName: text(size) }), 200],
  ["a full name of wide characters", (size) => create({ fullName: "😀".repeat(size) }), 200],
])("%s has so many characters and no more", async (_name, params, most) => {
  const operator = await operatorOf();
  await expect(operator.call("users.create", params(most + 1))).rejects.toMatchObject({ code: -32602 });
  expect(await operator.call("users.create", params(most))).toHaveProperty("user.id");
});

test("a password has 15 to 256 characters", async () => {
  const operator = await operatorOf();
  const passwordOf = (length: number) => Array.from({ length }, (_, at) => "kwzqvj"[at % 5]).join("");
  for (const length of [14, 257]) {
    const refused = operator.call("users.create", create({ password: passwordOf(length) }));
    await expect(refused).rejects.toMatchObject({ code: 422, reason: "passwordRejected" });
  }
  for (const [index, length] of [15, 256].entries()) {
    await operator.call("users.create", { username: `user${index}`, password: passwordOf(length) });
  }
});

test("a list is paged by 1 to 500", async () => {
  const operator = await operatorOf();
  for (const limit of [1, 500]) expect(await operator.call("users.list", { limit })).toMatchObject({ limit });
  for (const limit of [0, 501]) {
    await expect(operator.call("users.list", { limit })).rejects.toMatchObject({ code: -32602 });
  }
});

test("a rotated key is let work for 30 days and no longer", async () => {
  const { operator } = await startWithMia();
  const { key } = await operator.call("keys.create", { user: "mia", name: "tool" });
  const rotate = (graceSeconds: number) => operator.call("keys.rotate", { id: key.id, graceSeconds });
  await expect(rotate(2_592_001)).rejects.toMatchObject({ code: -32602 });
  expect(await rotate(2_592_000)).toHaveProperty("secret");
});

test("a user has so many live keys", async () => {
  const { operator } = await startWithMia({ keysPerUser: 2 });
  const add = () => operator.call("keys.create", { user: "mia", name: "tool" });
  const { key } = await add();
  await add();
  await expect(add()).rejects.toMatchObject({ code: 422, message: "User mia has 2 keys; revoke one first" });
  await operator.call("keys.revoke", { id: key.id });
  expect(await add()).toHaveProperty("secret");
});

test("past the sessions that a user may have the one that was idle longest ends", async () => {
  const { daemon } = await startWithMia({ sessionsPerUser: 2 });
  const first = await loggedIn(daemon);
  daemon.clock.advance(1000);
  const second = await loggedIn(daemon);
  expect(await first.call("auth.whoami", {})).toMatchObject({ kind: "session" });
  daemon.clock.advance(1000);
  await first.call("auth.whoami", {});
  await loggedIn(daemon);
  expect(await first.call("auth.whoami", {})).toMatchObject({ kind: "session" });
  await expect(second.call("auth.whoami", {})).rejects.toMatchObject({ code: 401 });
});

test("a user's settings have so many bytes, merged ones too", async () => {
  const { operator } = await startWithMia({ settingsBytes: 1000 });
  const save = (studio: string, replace = true) =>
    operator.call("settings.save", { user: "mia", settings: { studio }, replace });
  const around = JSON.stringify({ studio: "" }).length;
  await expect(save(text(1001 - around))).rejects.toMatchObject({
    code: -32602,
    data: { issues: [{ path: ["settings"], message: expect.stringContaining("1001 bytes") }] },
  });
  await save(text(1000 - around));
  const more = operator.call("settings.save", { user: "mia", settings: { browse: 1 } });
  await expect(more).rejects.toMatchObject({ code: -32602 });
});

test("there are so many roles", async () => {
  const operator = await operatorOf({ roles: 5 });
  const add = (name: string) => operator.call("roles.create", { name, permissions: [] });
  await add("fifth");
  const refused = { code: 422, message: "There are 5 roles; delete one first" };
  await expect(add("sixth")).rejects.toMatchObject(refused);
  await operator.call("roles.delete", { name: "fifth" });
  await add("sixth");
});

test("2 passwords are hashed at a time, 32 wait, and the next is told to come back", async () => {
  let goOn = () => {};
  const allHaveCome = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const kdf = Scrypt.kdf;
  vi.spyOn(Scrypt, "kdf").mockImplementation((...given) => allHaveCome.then(() => kdf(...given)));
  onTestFinished(() => void vi.restoreAllMocks());
  const operator = await operatorOf();
  for (let id = 0; id < 35; id += 1) {
    const params = { username: `user${id}`, password: PASSWORD };
    operator.send({ jsonrpc: "2.0", method: "users.create", params, id });
  }
  expect(await operator.next()).toMatchObject({
    error: { code: 429, data: { reason: "busy", retryAfterMs: 1000 } },
  });
  goOn();
  for (let count = 0; count < 34; count += 1) {
    expect(await operator.next()).toHaveProperty("result.user.hasPassword", true);
  }
});

test("over TCP guesses at a password are delayed, right ones too", async () => {
  const { daemon } = await startWithMia();
  const guesser = await daemon.stranger();
  for (let count = 0; count < 3; count += 1) {
    await expect(login(guesser, "wrong")).rejects.toMatchObject({ code: 401, reason: "invalidCredentials" });
  }
  const delayed = { code: 429, reason: "rateLimited", data: { retryAfterMs: 1000 } };
  await expect(login(guesser)).rejects.toMatchObject(delayed);
  await expect(login(await daemon.stranger())).rejects.toMatchObject(delayed);
  daemon.clock.advance(1000);
  expect(await login(guesser)).toHaveProperty("token");
});

test("on a Unix socket that wants a login nobody is delayed", async () => {
  const { daemon } = await startWithMia();
  await daemon.stop();
  const again = await startTestDaemon({ config: { data: daemon.directory, socketAuth: "login" } });
  const client = await again.operator();
  for (let count = 0; count < 30; count += 1) {
    await expect(login(client, "wrong")).rejects.toMatchObject({ code: 401 });
  }
  expect(await login(client)).toHaveProperty("token");
});
