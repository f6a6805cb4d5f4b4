import { expect, test } from "vitest";
import { ownPermissions, refusal } from "../../../protocol/index.ts";
import { FakeDaemon, sessionOf } from "../fake-daemon.ts";
import { openApp, pageOf, roles, userOf } from "./open-app.tsx";

const deletedAt = "2026-11-20T00:00:00.000Z";

async function openUser(daemon: FakeDaemon, number = 1) {
  daemon.answers["users.list"] = () => pageOf([userOf(number)]);
  daemon.answers["users.get"] ??= () => userOf(number);
  daemon.answers["roles.list"] = () => pageOf(roles);
  const app = openApp(daemon);
  await app.shows("1 user");
  app.press("enter");
  await app.shows(/Users › user-\d › Profile/);
  return app;
}

test("somebody whom wrong passwords lock out is let in again by one key", async () => {
  const locked = userOf(1, { lockedUntil: "2999-01-01T00:00:00.000Z" });
  const daemon = new FakeDaemon({ "users.get": () => locked, "users.unlock": () => userOf(1) });
  const app = await openUser(daemon);
  await app.shows("U unlock");
  daemon.answers["users.get"] = () => userOf(1);
  app.type("U");
  await app.shows("user-1 may sign in again");
  expect(daemon.asked("users.unlock")).toEqual([{ user: locked.id }]);
  await app.hides("U unlock");
});

test("a deleted user is restored with the key that enables others", async () => {
  const daemon = new FakeDaemon({
    "users.get": () => userOf(1, { deletedAt }),
    "users.restore": () => userOf(1, { active: false }),
  });
  const app = await openUser(daemon);
  await app.shows("x restore");
  app.type("e");
  app.type("x");
  await app.shows("user-1 is back, disabled");
  expect(daemon.asked("users.restore")).toEqual([{ user: userOf(1).id }]);
  expect(app.frame()).not.toContain("Must change password");
});

test("a deleted user goes for good only after the name was typed", async () => {
  const daemon = new FakeDaemon({ "users.get": () => userOf(1, { deletedAt }), "users.purge": () => ({}) });
  const app = await openUser(daemon);
  app.type("d");
  await app.shows("Remove user-1 for good?");
  app.press("tab");
  app.press("tab");
  app.press("enter");
  expect(daemon.asked("users.purge")).toEqual([]);
  app.press("tab");
  app.type("user-1");
  app.press("tab");
  app.press("tab");
  app.press("enter");
  await app.shows(/Users\s.*@/);
  expect(daemon.asked("users.purge")).toEqual([{ user: userOf(1).id }]);
});

test("what a person may not do is not offered, and its key says what is missing", async () => {
  const vera = sessionOf("vera", { permissions: ["users.read", "users.update"] });
  const daemon = new FakeDaemon({ "auth.whoami": () => vera });
  const app = await openUser(daemon, 2);
  await app.shows("x enable/disable");
  expect(app.frame()).not.toContain("d delete");
  app.type("d");
  await app.shows("d (delete) needs users.delete, which you do not hold");
  expect(app.frame()).not.toContain("Delete user-2?");
  app.type("?");
  app.press("escape");
  await app.hides("which you do not hold");
});

test("the profile shows all permissions, in as many lines as they take", async () => {
  const daemon = new FakeDaemon({ "users.get": () => userOf(1, { permissions: [...ownPermissions] }) });
  const app = await openUser(daemon);
  for (const permission of ownPermissions) expect(app.frame()).toContain(permission);
  expect(app.frame()).toMatch(/Permissions {7}users\.read, .*,\n {18}\S/);
});

test("permissions that are given or taken while one is signed in count at once", async () => {
  const vera = sessionOf("vera", { permissions: ["users.read"] });
  const daemon = new FakeDaemon({ "auth.whoami": () => vera });
  const app = await openUser(daemon, 2);
  app.type("d");
  await app.shows("d (delete) needs users.delete");
  daemon.answers["auth.whoami"] = () => ({ ...vera, permissions: ["users.read", "users.delete"] });
  daemon.emit("user.updated", { kind: "user", id: userOf(1).id, name: "vera" });
  await app.shows("d delete");
  app.type("d");
  await app.shows("Delete user-2?");
  app.press("escape");

  daemon.answers["auth.whoami"] = () => vera;
  daemon.emit("role.updated", { kind: "role", id: "x", name: "helpers" });
  await app.hides("d delete");
});

test("a user who was changed since is shown in both versions, and deleted only when that is wanted", async () => {
  let current = userOf(1, { revision: 1 });
  const daemon = new FakeDaemon({
    "users.delete": ({ ifRevision }: { ifRevision: number }) => {
      if (ifRevision !== current.revision) throw refusal("revisionMismatch", "user-1 was changed meanwhile");
      current = { ...current, deletedAt };
      return current;
    },
    "users.get": () => current,
  });
  const app = await openUser(daemon);
  const askToDelete = async () => {
    app.type("d");
    await app.shows("Delete user-1?");
    app.type("user-1");
  };
  await askToDelete();
  current = userOf(1, { revision: 2, fullName: "Needed again", roles: ["admin"] });
  app.press("enter");
  await app.shows("Somebody changed user-1 meanwhile. Nothing is deleted yet.");
  await app.shows(/Full name\s+Person 1\s+Needed again/);
  await app.shows(/Roles\s+viewer\s+admin/);
  app.press("enter");
  await app.hides("meanwhile");
  expect(current.deletedAt).toBeNull();
  await app.shows("Needed again");

  await askToDelete();
  current = { ...current, revision: 3 };
  app.press("enter");
  await app.shows("Nothing is deleted yet");
  app.press("down");
  app.press("enter");
  await app.shows("user-1 is deleted");
  expect(daemon.asked("users.delete")).toHaveLength(3);
});
