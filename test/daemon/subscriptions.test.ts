import { expect, test } from "vitest";
import type { RawClient } from "./raw-client.ts";
import { startTestDaemon, type TestDaemon } from "./start-daemon.ts";

const PASSWORD = "correct horse battery staple";

async function session(daemon: TestDaemon, username: string): Promise<RawClient> {
  const client = await daemon.stranger();
  await client.call("auth.login", { username, password: PASSWORD });
  return client;
}

async function createUser(operator: RawClient, username: string, roles: string[] = []): Promise<string> {
  const params = { username, roles, password: PASSWORD, mustChangePassword: false };
  return (await operator.call("users.create", params)).user.id;
}

/** The types of the events that came up to and with the one about this user. */
async function eventsUntil(client: RawClient, type: string, name: string): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    const event = await client.event();
    seen.push(event.type);
    if (event.type === type && "subject" in event && event.subject?.name === name) return seen;
  }
}

test("a change's answer comes before its event, and the event tells what happened", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const { subscription, seq } = await operator.call("events.subscribe", {});
  operator.send({ jsonrpc: "2.0", id: 1, method: "users.create", params: { username: "mia" } });
  const first = await operator.next();
  expect(first).toMatchObject({ id: 1, result: { user: { username: "mia" } } });
  expect(await operator.next()).toMatchObject({
    jsonrpc: "2.0",
    method: "event",
    params: {
      subscription,
      seq: seq + 1,
      type: "user.created",
      actor: { kind: "local" },
      subject: { kind: "user", name: "mia" },
      outcome: "ok",
    },
  });
});

test("the answers of a batch come before the events of its changes", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await operator.call("events.subscribe", {});
  const create = (id: number, username: string) => ({
    jsonrpc: "2.0",
    id,
    method: "users.create",
    params: { username },
  });
  operator.send([create(1, "mia"), create(2, "noa"), create(3, "ben")]);
  expect(await operator.next<unknown>()).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3 }]);
  const names = [];
  for (let event = 0; event < 3; event += 1) names.push(await operator.event());
  expect(names).toMatchObject([
    { subject: { name: "mia" } },
    { subject: { name: "noa" } },
    { subject: { name: "ben" } },
  ]);
});

test("everybody gets every event once, in order, whatever goes on at once", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const watchers = [await daemon.operator(), await daemon.operator(), await daemon.operator()];
  for (const watcher of watchers) await watcher.call("events.subscribe", { topics: ["users"] });
  const created = Array.from({ length: 100 }, (_, at) =>
    operator.call("users.create", { username: `u${at}` }),
  );
  await Promise.all(created);
  for (const watcher of watchers) {
    const seen: number[] = [];
    while (seen.length < 100) seen.push((await watcher.event()).seq);
    expect(seen).toEqual(Array.from({ length: 100 }, (_, at) => (seen[0] ?? 0) + at));
  }
});

test("without the permission one sees one's own events and nobody else's", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await createUser(operator, "mia");
  const mia = await session(daemon, "mia");
  await mia.call("events.subscribe", {});
  await createUser(operator, "noa", ["viewer"]);
  await operator.call("keys.create", { user: "noa", name: "theirs" });
  await operator.call("keys.create", { user: "mia", name: "mine" });
  await operator.call("settings.save", { user: "noa", settings: { studio: { a: 1 } } });
  await operator.call("settings.save", { user: "mia", settings: { studio: { a: 1 } } });
  await operator.call("users.update", { user: "mia", changes: { fullName: "Mia" } });
  expect(await eventsUntil(mia, "user.updated", "mia")).toEqual([
    "key.created",
    "settings.saved",
    "user.updated",
  ]);
});

test("who may see is judged for each event", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await createUser(operator, "mia");
  const mia = await session(daemon, "mia");
  await mia.call("events.subscribe", { topics: ["users"] });
  await createUser(operator, "before");
  await operator.call("users.update", { user: "mia", changes: { roles: ["viewer"] } });
  await createUser(operator, "during");
  await operator.call("users.update", { user: "mia", changes: { roles: [] } });
  await createUser(operator, "after");
  await operator.call("users.update", { user: "mia", changes: { fullName: "M" } });
  const names: unknown[] = [];
  for (let event = 0; event < 4; event += 1) {
    const got = await mia.event();
    names.push("subject" in got && got.subject?.name);
  }
  expect(names).toEqual(["mia", "during", "mia", "mia"]);
});

test("addresses are shown to those who read the audit", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await createUser(operator, "root", ["admin"]);
  await createUser(operator, "mia", ["viewer"]);
  const admin = await session(daemon, "root");
  const viewer = await session(daemon, "mia");
  await admin.call("events.subscribe", { topics: ["users"] });
  await viewer.call("events.subscribe", { topics: ["users"] });
  await admin.call("users.update", { user: "root", changes: { fullName: "R" } });
  expect(await admin.event()).toMatchObject({ actor: { name: "root", address: "127.0.0.1" } });
  expect(await viewer.event()).toMatchObject({ actor: { name: "root", address: null } });
});

test("a key sees its owner and itself, not its owner's other keys", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await createUser(operator, "mia");
  const { secret, key } = await operator.call("keys.create", { user: "mia", name: "watching" });
  const watcher = await daemon.bearer(secret);
  await watcher.call("events.subscribe", {});
  await operator.call("keys.create", { user: "mia", name: "another" });
  await watcher.call("keys.rotate", { id: key.id, graceSeconds: 60 });
  await operator.call("users.update", { user: "mia", changes: { fullName: "Mia" } });
  expect(
    (await eventsUntil(watcher, "user.updated", "mia")).filter((type) => type === "key.created"),
  ).toEqual([]);
});

test("a subscriber hears only its topics, until it unsubscribes", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const keys = await operator.call("events.subscribe", { topics: ["keys"] });
  const users = await operator.call("events.subscribe", { topics: ["users"] });
  expect(keys.subscription).not.toBe(users.subscription);
  await createUser(operator, "mia");
  await operator.call("keys.create", { user: "mia", name: "a" });
  expect(await operator.event()).toMatchObject({ subscription: users.subscription, type: "user.created" });
  expect(await operator.event()).toMatchObject({ subscription: keys.subscription, type: "key.created" });
  await operator.call("events.unsubscribe", { subscription: users.subscription });
  await createUser(operator, "noa");
  await operator.call("keys.create", { user: "noa", name: "b" });
  expect(await operator.event()).toMatchObject({ subscription: keys.subscription });
  await expect(
    operator.call("events.unsubscribe", { subscription: users.subscription }),
  ).rejects.toMatchObject({ code: 404 });
});

test("a logout ends the subscriptions", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await createUser(operator, "mia", ["viewer"]);
  const mia = await session(daemon, "mia");
  await mia.call("events.subscribe", { topics: ["users"] });
  await mia.call("auth.logout", {});
  await createUser(operator, "noa");
  await mia.call("auth.login", { username: "mia", password: PASSWORD });
  await createUser(operator, "ben");
  await mia.call("events.subscribe", { topics: ["users"] });
  await createUser(operator, "zoe");
  expect(await mia.event()).toMatchObject({ subject: { name: "zoe" } });
});

test("who comes back is told what it missed, and then what happens, nothing twice", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const { seq, epoch } = await operator.call("events.subscribe", { topics: ["users"] });
  for (let at = 0; at < 50; at += 1) await operator.call("users.create", { username: `u${at}` });

  const watcher = await daemon.operator();
  const live = Array.from({ length: 50 }, (_, at) => operator.call("users.create", { username: `v${at}` }));
  const answer = await watcher.call("events.subscribe", { topics: ["users"], since: seq, epoch });
  expect(answer.seq).toBe(seq);
  await Promise.all(live);
  const seen: number[] = [];
  while (seen.length < 100) seen.push((await watcher.event()).seq);
  expect(seen).toEqual(Array.from({ length: 100 }, (_, at) => seq + 1 + at));
});

test("nothing is replayed to who has missed nothing", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await createUser(operator, "mia");
  const { seq, epoch } = await operator.call("events.subscribe", { topics: ["keys"] });
  const watcher = await daemon.operator();
  await watcher.call("events.subscribe", { since: seq, epoch });
  await createUser(operator, "noa");
  expect(await watcher.event()).toMatchObject({ seq: seq + 1, subject: { name: "noa" } });
});

test("a position that is not kept is 410: beyond the head, or of another epoch", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const { seq } = await operator.call("events.subscribe", {});
  const gone = { code: 410, data: { reason: "resumePointGone" } };
  await expect(operator.call("events.subscribe", { since: seq + 1 })).rejects.toMatchObject(gone);
  await expect(operator.call("events.subscribe", { since: seq, epoch: "other" })).rejects.toMatchObject(gone);
});

test("after 20 s of silence a subscriber is told the position", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await createUser(operator, "mia");
  const viewer = await session(daemon, "mia");
  const { subscription } = await viewer.call("events.subscribe", { topics: ["users"] });
  await createUser(operator, "noa");
  const { seq } = await operator.call("events.subscribe", {});
  daemon.clock.advance(19_999);
  await daemon.check();
  await viewer.call("system.ping", {});
  expect(viewer.untaken).toEqual([]);
  daemon.clock.advance(1);
  await daemon.check();
  expect(await viewer.event()).toEqual({ subscription, seq, type: "position" });
  await viewer.call("system.ping", {});
  expect(viewer.untaken).toEqual([]);
});

test("a connection has at most 20 subscriptions", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  for (let at = 0; at < 20; at += 1) await operator.call("events.subscribe", {});
  await expect(operator.call("events.subscribe", {})).rejects.toMatchObject({ code: 422 });
});

test("whose account was disabled is refused at the next request and closed within a check", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await createUser(operator, "mia", ["viewer"]);
  const { secret } = await operator.call("keys.create", { user: "mia", name: "tool" });
  const [mia, tool] = [await session(daemon, "mia"), await daemon.bearer(secret)];
  await operator.call("users.disable", { user: "mia" });
  await expect(mia.call("users.list", {})).rejects.toMatchObject({ code: 401 });
  await expect(tool.call("users.list", {})).rejects.toMatchObject({ code: 401 });
  await daemon.check();
  expect(await mia.closed).toMatchObject({ code: 4401 });
  expect(await tool.closed).toMatchObject({ code: 4401 });
  expect(await operator.call("system.ping", {})).toHaveProperty("at");
});
