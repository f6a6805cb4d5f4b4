import { expect, test } from "vitest";
import { type Params, refusal, type Session } from "../../../protocol/index.ts";
import { FakeDaemon } from "../fake-daemon.ts";
import { idOf, openApp, pageOf, userOf } from "./open-app.tsx";

function sessionRow(number: number, rest: Partial<Session> = {}): Session {
  return {
    id: idOf(3000 + number),
    userId: idOf(number),
    username: `user-${number}`,
    createdAt: "2026-11-22T20:00:00.000Z",
    lastSeenAt: "2026-11-22T20:00:00.000Z",
    expiresAt: "2026-12-22T20:00:00.000Z",
    address: "192.0.2.7",
    client: `browser ${number}`,
    current: false,
    ...rest,
  };
}

function signedIn(count: number, current = 0) {
  const sessions = new Map<string, Session>();
  for (let number = 1; number <= count; number++) {
    const row = sessionRow(number, { current: number === current });
    sessions.set(row.id, row);
  }
  const daemon = new FakeDaemon({
    "users.list": () => pageOf([userOf(1)]),
    "sessions.list": ({ text = "", offset = 0, limit = 50 }: Params<"sessions.list">) => {
      const found = [...sessions.values()].filter(({ client }) => client?.includes(text));
      return pageOf(found.slice(offset, offset + limit), found.length, offset);
    },
    "sessions.revoke": ({ id }: { id: string }) => ({ revoked: sessions.delete(id) ? 1 : 0 }),
  });
  return { sessions, daemon };
}

async function openSessions(daemon: FakeDaemon) {
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type(":sessions");
  app.press("enter");
  await app.shows(/\d sessions/);
  return app;
}

test("everybody's sessions are listed, one's own is told from the others, and the filter's terms are asked for", async () => {
  const { daemon } = signedIn(5, 3);
  const app = await openSessions(daemon);
  await app.shows(/user-3\s+browser 3.*this one/);
  app.type("/browser 4");
  await app.shows(" 1 found");
  expect(daemon.asked("sessions.list").at(-1)).toMatchObject({ allUsers: true, text: "browser 4" });
  app.press("escape");
  app.type("/user:user-2");
  await expect.poll(() => daemon.asked("sessions.list").at(-1)).toMatchObject({ user: "user-2" });
  expect(daemon.asked("sessions.list").at(-1)).not.toHaveProperty("allUsers");
});

test("many are ended after a question that counts and names; one's own goes last", async () => {
  const { daemon, sessions } = signedIn(4, 1);
  const app = await openSessions(daemon);
  await app.shows("4 sessions");
  app.type("   d");
  await app.shows("End 3 sessions?");
  await app.shows("user-1, user-2, user-3");
  await app.shows("Among them is the one that you are using");
  expect(daemon.asked("sessions.revoke")).toEqual([]);
  app.press("tab");
  app.press("enter");
  await app.shows("3 sessions ended");
  expect([...sessions.keys()]).toEqual([idOf(3004)]);
  expect(daemon.asked("sessions.revoke").at(-1)).toEqual({ id: idOf(3001) });
  await app.shows(/ 1 session$/m);
});

test("Enter opens whose it is, where all of that user's sessions are", async () => {
  const { daemon } = signedIn(2);
  daemon.answers["users.get"] = () => userOf(2);
  const app = await openSessions(daemon);
  app.type("j");
  app.press("enter");
  await app.shows("user-2 › Sessions");
  expect(daemon.asked("users.get")).toContainEqual({ user: idOf(2) });
});

test("what is refused is told, and that session stays", async () => {
  const { daemon } = signedIn(2);
  daemon.answers["sessions.revoke"] = () => {
    throw refusal("outranked", "user-1 holds what you lack");
  };
  const app = await openSessions(daemon);
  await app.shows("2 sessions");
  app.type("d");
  await app.shows("End the session of user-1 that began");
  app.press("tab");
  app.press("enter");
  await app.shows("user-1 holds what you lack");
  await app.shows("2 sessions");
});
