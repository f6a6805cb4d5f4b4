import { expect, test } from "vitest";
import type { ClientEvent } from "../../protocol/index.ts";
import { type Connected, connected, inPhase } from "./connected.ts";
import { type FakeConnection, principal } from "./fake-daemon.ts";

const epoch = "e1";

/** What the listener heard, one word each: the position of an entry, or `gap`. */
function ear() {
  const heard: (number | "gap")[] = [];
  const listener = (event: ClientEvent) => {
    heard.push(event.kind === "gap" ? "gap" : event.entry.seq);
  };
  return { heard, listener };
}

async function subscribed({ client, connection }: Connected, seq = 10) {
  const { heard, listener } = ear();
  const pending = client.subscribe({ topics: ["users"] }, listener);
  const request = await connection.answerNext("events.subscribe", { subscription: "s1", seq, epoch });
  return { heard, request, subscription: await pending };
}

/** Drops the connection and answers the login of the next one. */
async function reconnect({ client, connection, daemon, timers }: Connected): Promise<FakeConnection> {
  connection.drop();
  const { retryAt } = await inPhase(client, "waiting");
  timers.advance(retryAt - timers.now());
  const next = await daemon.accept();
  await next.answerNext("auth.whoami", principal("local"));
  await inPhase(client, "online");
  return next;
}

test("a subscriber hears entries in order, without the daemon's name of the subscription", async () => {
  const session = await connected();
  const entries: unknown[] = [];
  const pending = session.client.subscribe({}, (event) => entries.push(event));
  await session.connection.answerNext("events.subscribe", { subscription: "s1", seq: 10, epoch });
  await pending;
  session.connection.event("s1", 11, "user.created");
  expect(entries).toEqual([{ kind: "entry", entry: { seq: 11, type: "user.created" } }]);
});

test("topics are sent as given; none means all", async () => {
  const session = await connected();
  const { request } = await subscribed(session);
  expect(request.params).toEqual({ topics: ["users"] });
  const all = session.client.subscribe({}, () => {});
  expect(
    (await session.connection.answerNext("events.subscribe", { subscription: "s2", seq: 1, epoch })).params,
  ).toEqual({});
  await all;
});

test("events that arrive before the subscribe answer are not lost", async () => {
  const { client, connection } = await connected();
  const { heard, listener } = ear();
  const pending = client.subscribe({}, listener);
  const request = await connection.request("events.subscribe");
  connection.event("s1", 11);
  connection.event("another", 12);
  connection.answer(request, { subscription: "s1", seq: 10, epoch });
  connection.event("s1", 13);
  await pending;
  expect(heard).toEqual([11, 13]);
});

test("after a reconnect the subscription goes on from the last event, with its epoch", async () => {
  const session = await connected();
  const { heard } = await subscribed(session);
  session.connection.event("s1", 11);
  const next = await reconnect(session);
  const request = await next.request("events.subscribe");
  expect(request.params).toEqual({ topics: ["users"], since: 11, epoch });
  next.event("t1", 12);
  next.answer(request, { subscription: "t1", seq: 14, epoch });
  next.event("t1", 13);
  next.event("t1", 14);
  await expect.poll(() => heard).toEqual([11, 12, 13, 14]);
});

test("without any event the subscription goes on from where it began", async () => {
  const session = await connected();
  await subscribed(session, 10);
  const next = await reconnect(session);
  expect((await next.request("events.subscribe")).params).toMatchObject({ since: 10 });
});

test("a connection lost in the middle of a replay costs no event", async () => {
  const session = await connected();
  const { heard } = await subscribed(session);
  const second = await reconnect(session);
  await second.answerNext("events.subscribe", { subscription: "t1", seq: 20, epoch });
  second.event("t1", 11);
  second.event("t1", 12);
  await expect.poll(() => heard).toEqual([11, 12]);
  const third = await reconnect({ ...session, connection: second });
  expect((await third.request("events.subscribe")).params).toMatchObject({ since: 12 });
});

test("a position moves the resume point and is not an event", async () => {
  const session = await connected();
  const { heard } = await subscribed(session);
  session.connection.event("s1", 50, "position");
  const next = await reconnect(session);
  expect((await next.request("events.subscribe")).params).toMatchObject({ since: 50 });
  expect(heard).toEqual([]);
});

test("what comes twice is heard once", async () => {
  const session = await connected();
  const { heard } = await subscribed(session);
  for (const seq of [11, 11, 12, 10, 12, 13]) session.connection.event("s1", seq);
  expect(heard).toEqual([11, 12, 13]);
});

test("when the resume point is gone the subscriber hears of a gap, then what is new", async () => {
  const session = await connected();
  const { heard } = await subscribed(session);
  session.connection.event("s1", 11);
  const next = await reconnect(session);
  next.refuse(await next.request("events.subscribe"), 410, { reason: "resumePointGone" });
  const fresh = await next.request("events.subscribe");
  expect(fresh.params).toEqual({ topics: ["users"] });
  next.event("t1", 3);
  next.answer(fresh, { subscription: "t1", seq: 2, epoch: "e2" });
  next.event("t1", 4);
  await expect.poll(() => heard).toEqual([11, "gap", 3, 4]);
});

test("a gap that a second loss interrupted is still told", async () => {
  const session = await connected();
  const { heard } = await subscribed(session);
  const second = await reconnect(session);
  second.refuse(await second.request("events.subscribe"), 410, { reason: "resumePointGone" });
  await second.request("events.subscribe");
  const third = await reconnect({ ...session, connection: second });
  await third.answerNext("events.subscribe", { subscription: "u1", seq: 2, epoch: "e2" });
  await expect.poll(() => heard).toEqual(["gap"]);
});

test("where a subscription cannot be taken up again, the next connection tries", async () => {
  const session = await connected();
  await subscribed(session);
  const second = await reconnect(session);
  second.refuse(await second.request("events.subscribe"), 503, { reason: "storeUnavailable" });
  const { error } = await inPhase(session.client, "waiting");
  expect(error.message).toBe("refused with 503");
  session.timers.advance(1_000);
  const third = await session.daemon.accept();
  await third.answerNext("auth.whoami", principal("local"));
  expect((await third.request("events.subscribe")).params).toMatchObject({ since: 10 });
});

test("a refused subscription rejects and leaves nothing behind", async () => {
  const session = await connected();
  const pending = session.client.subscribe({}, () => {});
  session.connection.refuse(await session.connection.request("events.subscribe"), 401, {
    reason: "unauthenticated",
  });
  await expect(pending).rejects.toMatchObject({ code: 401 });
  const next = await reconnect(session);
  expect(next.unread).toEqual([]);
});

test("closing a subscription tells the daemon, and its last events fall silent", async () => {
  const session = await connected();
  const { heard, subscription } = await subscribed(session);
  subscription.close();
  const { params } = await session.connection.answerNext("events.unsubscribe", {});
  expect(params).toEqual({ subscription: "s1" });
  session.connection.event("s1", 11);
  expect(heard).toEqual([]);
  const next = await reconnect(session);
  expect(next.unread).toEqual([]);
});

test("a subscription closed while it is being taken up again is ended on the new connection", async () => {
  const session = await connected();
  const { heard, subscription } = await subscribed(session);
  const next = await reconnect(session);
  const request = await next.request("events.subscribe");
  subscription.close();
  next.answer(request, { subscription: "t1", seq: 10, epoch });
  expect((await next.request("events.unsubscribe")).params).toEqual({ subscription: "t1" });
  next.event("t1", 11);
  expect(heard).toEqual([]);
});

test("a subscription closed while offline is not taken up again", async () => {
  const session = await connected();
  const { subscription } = await subscribed(session);
  session.connection.drop();
  await inPhase(session.client, "waiting");
  subscription.close();
  session.timers.advance(500);
  const next = await session.daemon.accept();
  await next.answerNext("auth.whoami", principal("local"));
  await session.client.online();
  expect(next.unread).toEqual([]);
});

test("subscriptions wait while nobody is logged in and go on after the login", async () => {
  const session = await connected();
  await subscribed(session);
  session.connection.drop();
  await inPhase(session.client, "waiting");
  session.timers.advance(500);
  const next = await session.daemon.accept();
  await next.answerNext("auth.whoami", principal("anonymous"));
  await session.client.online();
  expect(next.unread).toEqual([]);
  const login = session.client.call("auth.loginWithKey", { key: "rk_1" });
  await next.answerNext("auth.loginWithKey", { principal: principal("key") });
  await login;
  expect((await next.request("events.subscribe")).params).toMatchObject({ since: 10 });
});

test("a subscription that is being taken up again is not asked for twice", async () => {
  const session = await connected();
  await subscribed(session);
  const next = await reconnect(session);
  await next.request("events.subscribe");
  const whoami = session.client.call("auth.whoami", {});
  await next.answerNext("auth.whoami", principal("local"));
  await whoami;
  expect(next.unread).toEqual([]);
});

test("auth.logout ends the subscriptions for good", async () => {
  const session = await connected();
  const { heard } = await subscribed(session);
  const logout = session.client.call("auth.logout", {});
  await session.connection.answerNext("auth.logout", {});
  await logout;
  session.connection.event("s1", 11);
  const login = session.client.call("auth.loginWithKey", { key: "rk_1" });
  await session.connection.answerNext("auth.loginWithKey", { principal: principal("key") });
  await login;
  expect(session.connection.unread).toEqual([]);
  expect(heard).toEqual([]);
});
