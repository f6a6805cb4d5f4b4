import { expect, test } from "vitest";
import type { Entry, Params, PresenceEntry, Session } from "../../../protocol/index.ts";
import { FakeDaemon, sessionOf } from "../fake-daemon.ts";
import { idOf, openApp, pageOf, userOf } from "./open-app.tsx";

const deletedAt = "2026-11-20T00:00:00.000Z";

const away: PresenceEntry = {
  userId: idOf(1),
  username: "user-1",
  fullName: "Person 1",
  status: "Away",
  message: "dentist",
  returnAt: null,
  updatedAt: "2026-11-22T20:00:00.000Z",
};

function sessionRow(number: number, rest: Partial<Session> = {}): Session {
  return {
    id: idOf(2000 + number),
    userId: idOf(1),
    username: "user-1",
    createdAt: "2026-11-22T20:00:00.000Z",
    lastSeenAt: "2026-11-22T20:00:00.000Z",
    expiresAt: "2999-01-01T00:00:00.000Z",
    address: "192.0.2.1",
    client: `browser ${number}`,
    current: false,
    ...rest,
  };
}

const entry: Entry = {
  seq: 7,
  at: "2026-11-22T20:00:00.000Z",
  type: "user.updated",
  actor: { kind: "session", id: idOf(2), name: "grace", address: null },
  subject: { kind: "user", id: idOf(1), name: "user-1" },
  outcome: "ok",
  count: 1,
  data: { changed: ["fullName", "theme"] },
};

async function openTab(daemon: FakeDaemon, tab: string) {
  daemon.answers["users.list"] = () => pageOf([userOf(1)]);
  daemon.answers["users.get"] ??= () => userOf(1, { status: away });
  daemon.answers["keys.list"] = () => pageOf([]);
  daemon.answers["settings.get"] = () => ({ settings: {}, revision: 1 });
  daemon.answers["sessions.list"] ??= () => pageOf([sessionRow(1), sessionRow(2)]);
  daemon.answers["audit.tip"] ??= () => ({ seq: 7, hash: "00", epoch: "e" });
  daemon.answers["audit.query"] ??= () => ({ items: [entry], next: null });
  daemon.answers["presence.statuses"] = () => ({ statuses: ["Available", "Away", "Lunch"] });
  const app = openApp(daemon);
  await app.shows("1 user");
  app.press("enter");
  await app.shows("user-1 › Profile");
  for (let tabs = 0; tabs < 6 && !app.frame().includes(`› ${tab}`); tabs++) app.press("tab");
  await app.shows(`user-1 › ${tab}`);
  return app;
}

test("one's place on the board is said in a form, and is checked before the daemon is asked", async () => {
  const daemon = new FakeDaemon({ "presence.set": () => away });
  const app = await openTab(daemon, "Presence");
  await app.shows(/Message\s+dentist/);
  app.type("e");
  await app.shows(/Status\s+\( \) Available\s+\(•\) Away/);
  app.press("right");
  app.press("tab");
  app.ctrl("u");
  app.paste(`${"a".repeat(201)}`);
  app.press("enter");
  await app.shows("! must be at most 200 characters");
  expect(daemon.asked("presence.set")).toEqual([]);

  app.ctrl("u");
  app.type("noodles");
  app.press("tab");
  app.type("soon");
  app.press("enter");
  await app.shows("! Leave it empty for none");
  app.ctrl("u");
  app.type("2027-01-31T09:00:00Z");
  app.press("enter");
  await app.shows("user-1 › Presence");
  expect(daemon.asked("presence.set")).toEqual([
    { user: idOf(1), status: "Lunch", message: "noodles", returnAt: "2027-01-31T09:00:00.000Z" },
  ]);
});

test("one's place on the board is cleared by one key", async () => {
  const daemon = new FakeDaemon({ "presence.clear": () => away });
  const app = await openTab(daemon, "Presence");
  daemon.answers["users.get"] = () => userOf(1, { status: { ...away, status: "Available", message: "" } });
  app.type("c");
  await app.shows(/Status\s+Available/);
  expect(daemon.asked("presence.clear")).toEqual([{ user: idOf(1) }]);
});

test("whoever is not on the board cannot be put anywhere, and it says why", async () => {
  const daemon = new FakeDaemon({ "users.get": () => userOf(1) });
  const app = await openTab(daemon, "Presence");
  await app.shows("user-1 is not on the board");
  app.type("e");
  expect(app.frame()).not.toContain("say where");
});

test("one session is ended, or all, after a question that names and counts them", async () => {
  const daemon = new FakeDaemon({
    "sessions.revoke": () => ({ revoked: 1 }),
    "sessions.revokeAll": () => ({ revoked: 2 }),
  });
  const app = await openTab(daemon, "Sessions");
  await app.shows("browser 2");
  app.type("jd");
  await app.shows("End the session of user-1 that began");
  app.press("tab");
  app.press("enter");
  await app.shows("1 session of user-1 ended");
  expect(daemon.asked("sessions.revoke")).toEqual([{ id: idOf(2002) }]);

  app.type("D");
  await app.shows("2 sessions will end.");
  app.press("tab");
  app.press("enter");
  await app.shows("2 sessions of user-1 ended");
  expect(daemon.asked("sessions.revokeAll")).toEqual([{ user: idOf(1) }]);
});

test("the selected session stays selected when another one begins", async () => {
  const daemon = new FakeDaemon();
  const app = await openTab(daemon, "Sessions");
  await app.shows(/› browser 1/);
  app.type("j");
  await app.shows(/› browser 2/);
  daemon.answers["sessions.list"] = () => pageOf([3, 1, 2].map((number) => sessionRow(number)));
  daemon.emit("session.created");
  await app.shows("browser 3");
  expect(app.frame()).toMatch(/› browser 2/);
});

test("ending all of one's own sessions says that the one in use stays", async () => {
  const daemon = new FakeDaemon({
    "sessions.list": () => pageOf([sessionRow(1), sessionRow(2, { current: true })]),
  });
  const app = await openTab(daemon, "Sessions");
  await app.shows("this one");
  app.type("D");
  await app.shows("1 session will end; the one that you are using stays.");
});

test("the history says when, what, by whom and which fields", async () => {
  const daemon = new FakeDaemon();
  const app = await openTab(daemon, "History");
  await app.shows(/11-22 20:00:00\s+user\.updated\s+grace\s+fullName, theme/);
  expect(daemon.asked("audit.query")[0]).toMatchObject({ subject: idOf(1) });
  app.press("enter");
  await app.shows("Entry › user.updated");
});

test("the history goes back as far as it is kept, read as one goes down, and shows what is new", async () => {
  const numbered = (seq: number): Entry => ({ ...entry, seq, actor: { ...entry.actor, name: `by-${seq}` } });
  const entries = Array.from({ length: 250 }, (_, index) => numbered(index + 1));
  const daemon = new FakeDaemon({
    "audit.tip": () => ({ seq: entries.length, hash: "00", epoch: "e" }),
    "audit.query": ({ before = 1000, after = 0, limit = 50 }: Params<"audit.query">) => {
      const items = entries
        .filter(({ seq }) => seq < before && seq > after)
        .reverse()
        .slice(0, limit);
      const last = items.at(-1)?.seq ?? 1;
      return { items, next: last > after + 1 ? last : null };
    },
  });
  const app = await openTab(daemon, "History");
  await app.shows(/› .* by-250 /);
  await expect
    .poll(() => {
      app.type("G");
      return app.frame();
    })
    .toMatch(/› .* by-1 /);

  entries.push(numbered(251));
  daemon.emit("user.updated");
  app.type("g");
  await app.shows("by-251 ");
});

test("tabs that the caller may not read are not there, nor what a deleted user has no more", async () => {
  const vera = sessionOf("vera", { userId: idOf(9), permissions: ["users.read", "presence.read"] });
  const daemon = new FakeDaemon({ "auth.whoami": () => vera });
  const app = await openTab(daemon, "Presence");
  for (const missing of ["Keys", "Settings", "Sessions", "History"])
    expect(app.frame()).not.toContain(missing);
  app.type("e");
  await app.shows("e (say where) needs presence.manage");

  const admin = new FakeDaemon({ "users.get": () => userOf(1, { deletedAt }) });
  const other = await openTab(admin, "History");
  for (const missing of ["Keys", "Settings", "Presence", "Sessions"])
    expect(other.frame()).not.toContain(missing);
});
