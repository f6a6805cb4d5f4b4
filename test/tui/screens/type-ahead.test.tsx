import { expect, test } from "vitest";
import { FakeDaemon } from "../fake-daemon.ts";
import { openApp, pageOf, roles, userOf } from "./open-app.tsx";

async function openUsers() {
  const daemon = new FakeDaemon({
    "users.list": () => pageOf([userOf(1)]),
    "users.get": () => userOf(1),
    "roles.list": () => pageOf(roles),
  });
  const app = openApp(daemon, { columns: 120 });
  await app.shows("1 user");
  return { daemon, app };
}

test("what is typed before a form has read what it offers is in the form, each key in its field", async () => {
  const { daemon, app } = await openUsers();
  daemon.halt();
  app.type("ngrace");
  app.press("tab");
  app.type("Grace q?");
  expect(app.frame()).not.toContain("Kind of account");
  daemon.goOn();
  await app.shows(/Full name\s+Grace q\?/);
  expect(app.frame()).toMatch(/User name\s+grace\n/);
});

test("a user is opened and edited in one go, however long the daemon takes", async () => {
  const { daemon, app } = await openUsers();
  daemon.halt();
  app.press("enter");
  app.type("e");
  app.press("tab");
  app.type(" the First of a long line of names that takes far more keys than fifty");
  daemon.goOn();
  await app.shows(
    /Full name\s+Person 1 the First of a long line of names that takes far more keys than fifty/,
  );
});

test("Esc leaves a screen that still reads, and gives up what was typed for it", async () => {
  const { daemon, app } = await openUsers();
  daemon.halt();
  app.type("nd");
  app.press("escape");
  await app.shows("1 user");
  daemon.goOn();
  app.type("?");
  await app.shows("Help");
  expect(app.frame()).not.toContain("Delete");
});

test("keys do not wait for a daemon that is away", async () => {
  const { daemon, app } = await openUsers();
  daemon.halt();
  app.type("n");
  daemon.down = true;
  daemon.cut();
  await app.shows("Connection lost");
  app.type(":");
  await app.shows("Go to");
});
