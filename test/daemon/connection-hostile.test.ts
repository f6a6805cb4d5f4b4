import fc from "fast-check";
import { expect, test } from "vitest";
import { methodNames } from "../../protocol/index.ts";
import { startTestDaemon } from "./start-daemon.ts";

const PASSWORD = "correct horse battery staple";
const ping = (id: unknown) => ({ jsonrpc: "2.0", method: "system.ping", id });

test("whatever JSON a stranger sends, the daemon answers by the book and goes on", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const client = await daemon.stranger();
  const harmful = ["__proto__", "constructor", "prototype", "toString", "a"];
  const value = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...harmful), fc.jsonValue()));
  const request = fc.record(
    {
      jsonrpc: fc.constantFrom("2.0", "2.0", 2, null),
      method: fc.oneof(fc.constantFrom(...methodNames), fc.string(), value),
      params: value,
      id: value,
    },
    { requiredKeys: ["jsonrpc"] },
  );
  const frame = fc.oneof(request, fc.array(request, { maxLength: 5 }), value);
  const known = [-32700, -32600, -32601, -32602, 401];
  await fc.assert(
    fc.asyncProperty(frame, async (sent) => {
      client.send(sent);
      client.send(ping("end"));
      for (;;) {
        const answer = await client.next<{ id: unknown; result?: unknown; error?: { code: number } }>();
        if (answer.id === "end" && answer.result !== undefined) break;
        for (const { error } of [answer].flat()) if (error) expect(known).toContain(error.code);
      }
    }),
    { numRuns: 150 },
  );
  expect(await operator.call("users.list", {})).toMatchObject({ total: 0 });
});

test("bytes that are no UTF-8 end the connection that sent them, and no other", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const client = await daemon.stranger();
  client.socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
  expect(await client.closed).toMatchObject({ code: 1007 });
  expect(await operator.call("system.ping", {})).toHaveProperty("at");
});

test("who does not read is closed alone, while others hear every event", async () => {
  const daemon = await startTestDaemon({ limits: { liveEventBytes: 50_000 } });
  const operator = await daemon.operator();
  const [deaf, listener] = [await daemon.operator(), await daemon.operator()];
  for (const client of [deaf, listener]) await client.call("events.subscribe", { topics: ["settings"] });
  const { user } = await operator.call("users.create", { username: "mia" });
  deaf.socket.pause();
  // Paths are what these events tell, so long names make long events: the system's buffers are full soon.
  const settings = (at: number) =>
    Object.fromEntries(Array.from({ length: 100 }, (_, key) => [`${at} ${key} ${"x".repeat(100)}`, 1]));
  for (let at = 0; at < 100; at += 1) {
    await operator.call("settings.save", {
      user: user.id,
      settings: { studio: settings(at) },
      replace: true,
    });
    await listener.event();
  }
  deaf.socket.resume();
  expect(await deaf.closed).toMatchObject({ code: 1013 });
  expect(await listener.call("system.ping", {})).toHaveProperty("at");
});

test("requests sent right behind a login are made by who logged in", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const user = { username: "mia", password: PASSWORD, mustChangePassword: false };
  await operator.call("users.create", user);
  const client = await daemon.stranger();
  const params = { username: "mia", password: PASSWORD };
  client.send({ jsonrpc: "2.0", method: "auth.login", params, id: 1 });
  client.send({ jsonrpc: "2.0", method: "auth.whoami", id: 2 });
  expect(await client.next()).toMatchObject({ id: 1, result: { principal: { kind: "session" } } });
  expect(await client.next()).toMatchObject({ id: 2, result: { kind: "session", username: "mia" } });
});
