import { expect, test } from "vitest";
import { CallTimeout, ConnectionLost, NotConnected, ProtocolError } from "../../protocol/index.ts";
import { connected, inPhase } from "./connected.ts";

const at = "2026-11-22T20:17:36.000Z";

test("a call sends one request and resolves with its result", async () => {
  const { client, connection } = await connected();
  const answer = client.call("system.ping", {});
  const request = await connection.request("system.ping");
  expect(request).toEqual({ jsonrpc: "2.0", id: request.id, method: "system.ping", params: {} });
  connection.answer(request, { at });
  expect(await answer).toEqual({ at });
});

test("answers may come in any order", async () => {
  const { client, connection } = await connected();
  const answers = [client.call("users.get", { user: "ann" }), client.call("users.get", { user: "bob" })];
  const ann = await connection.request("users.get");
  const bob = await connection.request("users.get");
  connection.answer(bob, "bob");
  connection.answer(ann, "ann");
  expect(await Promise.all(answers)).toEqual(["ann", "bob"]);
});

test("a refusal becomes a ProtocolError with code, reason and data", async () => {
  const { client, connection } = await connected();
  const answer = client.call("users.disable", { user: "ann" });
  connection.refuse(await connection.request("users.disable"), 403, {
    reason: "forbidden",
    permission: "users.update",
  });
  const error = await answer.catch((caught) => caught);
  expect(error).toBeInstanceOf(ProtocolError);
  expect(error).toMatchObject({
    code: 403,
    reason: "forbidden",
    data: { permission: "users.update" },
    message: "refused with 403",
  });
});

test("a result of null is a result", async () => {
  const { client, connection } = await connected();
  const answer = client.call("settings.get", {});
  connection.answer(await connection.request("settings.get"), null);
  expect(await answer).toBeNull();
});

test("a call without an answer is given up after its time, and a late answer does no harm", async () => {
  const { client, connection, timers } = await connected();
  const answer = client.call("system.ping", {}, { timeoutMs: 2_000 });
  const outcome = expect(answer).rejects.toThrow("No answer to system.ping within 2 s");
  const request = await connection.request("system.ping");
  timers.advance(1_999);
  timers.advance(1);
  await outcome;
  await expect(answer).rejects.toBeInstanceOf(CallTimeout);
  connection.answer(request, { at });
  expect(client.state.phase).toBe("online");
});

test("thirty seconds are the default, and an answered call leaves no timer behind", async () => {
  const { client, connection, timers } = await connected();
  const before = timers.count;
  const slow = client.call("system.info", {});
  const outcome = expect(slow).rejects.toThrow("within 30 s");
  const quick = client.call("system.ping", {});
  await connection.request("system.info");
  await connection.answerNext("system.ping", { at });
  await quick;
  expect(timers.count).toBe(before + 1);
  timers.advance(30_000);
  await outcome;
});

test("losing the connection rejects every pending call, saying that the outcome is unknown", async () => {
  const { client, connection } = await connected();
  const calls = [client.call("users.disable", { user: "ann" }), client.call("system.ping", {})];
  await connection.request("users.disable");
  await connection.request("system.ping");
  connection.drop(1006);
  for (const settled of await Promise.allSettled(calls)) {
    const error = settled.status === "rejected" ? settled.reason : undefined;
    expect(error).toBeInstanceOf(ConnectionLost);
    expect(error.message).toContain("whether calls still unanswered took effect is unknown");
    expect(error.closeCode).toBe(1006);
  }
});

test("a call is never sent again by itself", async () => {
  const { client, connection, daemon, timers } = await connected();
  const change = client.call("users.disable", { user: "ann" });
  const outcome = expect(change).rejects.toBeInstanceOf(ConnectionLost);
  await connection.request("users.disable");
  connection.drop();
  await outcome;
  timers.advance(500);
  const next = await daemon.accept();
  await next.answerNext("auth.whoami", {});
  await inPhase(client, "online");
  expect(next.unread).toEqual([]);
});

test("a call while offline rejects at once and is not kept for later", async () => {
  const { client, connection } = await connected();
  connection.drop();
  await inPhase(client, "waiting");
  await expect(client.call("system.ping", {})).rejects.toBeInstanceOf(NotConnected);
  await expect(client.batch([{ method: "system.ping", params: {} }])).rejects.toBeInstanceOf(NotConnected);
  await expect(client.subscribe({}, () => {})).rejects.toBeInstanceOf(NotConnected);
});

test("what JSON cannot carry throws at the caller and sends nothing", async () => {
  const { client, connection } = await connected();
  const settings: Record<string, never> = {};
  Object.assign(settings, { self: settings });
  await expect(client.call("settings.save", { settings })).rejects.toBeInstanceOf(TypeError);
  expect(connection.unread).toEqual([]);
});

test("a batch is one frame, and each call has its own outcome in the order of the calls", async () => {
  const { client, connection } = await connected();
  const outcomes = client.batch([
    { method: "users.get", params: { user: "ann" } },
    { method: "users.get", params: { user: "nobody" } },
  ]);
  const [ann, nobody] = await connection.batch();
  connection.say([
    {
      jsonrpc: "2.0",
      id: nobody?.id,
      error: { code: 404, message: "There is no user nobody", data: { reason: "notFound" } },
    },
    { jsonrpc: "2.0", id: ann?.id, result: { username: "ann" } },
  ]);
  const [first, second] = await outcomes;
  expect(first).toEqual({ ok: true, result: { username: "ann" } });
  expect(second).toMatchObject({ ok: false, error: { code: 404, reason: "notFound" } });
});

test("an empty batch is answered without asking", async () => {
  const { client, connection } = await connected();
  expect(await client.batch([])).toEqual([]);
  expect(connection.unread).toEqual([]);
});

test("a batch over the daemon's limit fails with the daemon's error, which names no id", async () => {
  const { client, connection } = await connected();
  const outcomes = client.batch([{ method: "system.ping", params: {} }]);
  await connection.batch();
  connection.say({
    jsonrpc: "2.0",
    id: null,
    error: { code: -32600, message: "At most 50 calls in a batch" },
  });
  await expect(outcomes).rejects.toThrow("At most 50 calls in a batch");
});

test("garbage, unknown ids and repeated answers are ignored", async () => {
  const { client, connection } = await connected();
  const answer = client.call("system.ping", {});
  const request = await connection.request("system.ping");
  const nonsense = ["", "{", "null", "[null]", "7", '"text"', "{}", '{"id":99999,"result":1}', "[]"];
  for (const text of [...nonsense, '{"method":"event"}', '{"method":"event","params":{"seq":1}}']) {
    connection.say(text);
  }
  connection.answer(request, { at });
  connection.answer(request, { at: "another" });
  expect(await answer).toEqual({ at });
});

test("an answer that is neither a result nor an error is an internal error of the daemon", async () => {
  const { client, connection } = await connected();
  const answer = client.call("system.ping", {});
  const { id } = await connection.request("system.ping");
  connection.say({ jsonrpc: "2.0", id });
  await expect(answer).rejects.toMatchObject({ code: -32603 });
});
