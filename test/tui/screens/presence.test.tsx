import { expect, test } from "vitest";
import type { PresenceEntry } from "../../../protocol/index.ts";
import { FakeDaemon, sessionOf } from "../fake-daemon.ts";
import { idOf, openApp, pageOf, userOf } from "./open-app.tsx";

function entryOf(number: number, rest: Partial<PresenceEntry> = {}): PresenceEntry {
  return {
    userId: idOf(number),
    username: `user-${number}`,
    fullName: `Person ${number}`,
    status: "Available",
    message: "",
    returnAt: null,
    updatedAt: "2026-11-22T20:00:00.000Z",
    ...rest,
  };
}

async function openBoard(daemon: FakeDaemon, entries: PresenceEntry[]) {
  daemon.answers["users.list"] = () => pageOf([userOf(1)]);
  daemon.answers["presence.list"] = ({ text = "" }: { text?: string }) =>
    pageOf(entries.filter(({ username }) => username.includes(text)));
  daemon.answers["presence.statuses"] = () => ({ statuses: ["Available", "Away"] });
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type(":presence");
  app.press("enter");
  await app.shows(/Presence\s/);
  await app.shows(entries.length === 1 ? "1 person" : `${entries.length} people`);
  return app;
}

test("the board says who is where and back when, and moves live", async () => {
  const entries = [entryOf(1), entryOf(2, { status: "Away", message: "dentist" })];
  const daemon = new FakeDaemon();
  const app = await openBoard(daemon, entries);
  await app.shows(/user-2\s+Person 2\s+Away\s+-\s+dentist/);
  entries[0] = entryOf(1, { status: "Away", returnAt: "2999-01-31T12:00:00.000Z" });
  daemon.emit("presence.set", { kind: "presence", id: idOf(1), name: "user-1" });
  await app.shows(/user-1\s+Person 1\s+Away\s+2999-01-31/);
});

test("the board is filtered by a part of a name or of the status, which the daemon looks for", async () => {
  const daemon = new FakeDaemon();
  const app = await openBoard(daemon, [entryOf(1), entryOf(2)]);
  app.type("/user-2");
  await app.shows("1 found");
  expect(daemon.asked("presence.list").at(-1)).toMatchObject({ text: "user-2" });
  app.press("escape");
  app.type("/status:lunch user-1");
  await app.shows("1 found");
  expect(daemon.asked("presence.list").at(-1)).toMatchObject({ status: "lunch", text: "user-1" });
});

test("somebody else's place is said in a form, cleared by one key, and their account opened", async () => {
  const daemon = new FakeDaemon({
    "presence.set": () => entryOf(2),
    "presence.clear": () => entryOf(2),
    "users.get": () => userOf(2),
  });
  const app = await openBoard(daemon, [entryOf(1), entryOf(2)]);
  app.type("je");
  await app.shows("( ) Away");
  app.press("right");
  app.press("tab");
  app.type("dentist");
  app.press("enter");
  await app.shows("2 people");
  expect(daemon.asked("presence.set")).toEqual([
    { user: idOf(2), status: "Away", message: "dentist", returnAt: null },
  ]);
  app.type("c");
  await app.shows(/› user-2/);
  expect(daemon.asked("presence.clear")).toEqual([{ user: idOf(2) }]);
  app.press("enter");
  await app.shows("Users › user-2 › Profile");
});

test("whoever may only read the board says where they are themselves", async () => {
  const vera = sessionOf("user-1", { permissions: ["users.read", "presence.read"] });
  const daemon = new FakeDaemon({
    "auth.whoami": () => vera,
    "users.get": () => userOf(1, { status: entryOf(1) }),
  });
  const app = await openBoard(daemon, [entryOf(1), entryOf(2)]);
  app.type("j");
  await app.hides("e say where");
  app.type("e");
  await app.shows("e (say where) needs presence.manage, which you do not hold");
  app.type("o");
  await app.shows("Presence › user-1");
});

test("whoever is not on the board is told so", async () => {
  const daemon = new FakeDaemon({ "auth.whoami": () => sessionOf("user-1"), "users.get": () => userOf(1) });
  const app = await openBoard(daemon, [entryOf(2)]);
  app.type("o");
  await app.shows("user-1 is not on the board");
});
