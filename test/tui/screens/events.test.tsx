import { expect, test } from "vitest";
import { FakeDaemon, sessionOf } from "../fake-daemon.ts";
import { entryOf, openApp, pageOf, userOf } from "./open-app.tsx";

async function openEvents(daemon: FakeDaemon) {
  const app = openApp(daemon);
  await app.shows("1 user");
  app.type(":events");
  app.press("enter");
  await app.shows("following");
  return app;
}

test("changes appear as they happen, above those before, and one opens whole", async () => {
  const daemon = new FakeDaemon({
    "users.list": () => pageOf([userOf(1)]),
    "audit.query": () => ({ items: [entryOf(0, { type: "role.created" })], next: null }),
  });
  const app = await openEvents(daemon);
  await app.shows("role.created");
  expect(daemon.asked("audit.query")).toEqual([{ outcome: "ok", limit: 50 }]);
  daemon.emit("user.locked", { kind: "user", id: userOf(1).id, name: "user-1" });
  await app.shows("following, 2 events");
  expect(app.frame().indexOf("user.locked")).toBeLessThan(app.frame().indexOf("role.created"));
  app.press("enter");
  await app.shows("Entry › user.locked");
});

test("p pauses, topics filter, and a wrong topic is said", async () => {
  const daemon = new FakeDaemon({
    "users.list": () => pageOf([userOf(1)]),
    "audit.query": () => ({ items: [], next: null }),
  });
  const app = await openEvents(daemon);
  app.type("p");
  daemon.emit("key.created");
  daemon.emit("user.created");
  await app.shows("paused, 2 waiting, 0 events");
  app.type("p");
  await app.shows("following, 2 events");
  app.type("/topic:keys");
  await app.hides("user.created");
  expect(app.frame()).toContain("key.created");
  app.type("x");
  await app.shows("topic is users or keys");
});

test("who may not read the audit sees what happens from now on", async () => {
  const daemon = new FakeDaemon({
    "auth.whoami": () => sessionOf("ada", { permissions: ["users.read"] }),
    "users.list": () => pageOf([userOf(1)]),
    "users.get": () => userOf(1),
  });
  const app = await openEvents(daemon);
  expect(daemon.asked("audit.query")).toEqual([]);
  daemon.emit("user.created");
  await app.shows("following, 1 event");
});
