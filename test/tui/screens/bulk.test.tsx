import { expect, test } from "vitest";
import { type Params, refusal, type User, type UserChanges } from "../../../protocol/index.ts";
import { FakeDaemon, local } from "../fake-daemon.ts";
import { openApp, pageOf, roles, userOf } from "./open-app.tsx";

/** A directory in memory that changes users as it is told, and guards their revisions. */
function directory(count: number) {
  const users = new Map<string, User>();
  for (let number = 1; number <= count; number++) users.set(userOf(number).id, userOf(number));
  const change = (id: string, changes: UserChanges | { deletedAt: string | null }): User => {
    const user = users.get(id);
    if (!user) throw refusal("notFound", "no such user");
    const changed = { ...user, ...changes, revision: user.revision + 1 } as User;
    users.set(id, changed);
    return changed;
  };
  const daemon = new FakeDaemon({
    "users.list": ({ filter = {}, offset = 0, limit = 50 }: Params<"users.list">) => {
      if (filter.roles?.includes("admin")) return pageOf([userOf(1)]);
      const all = [...users.values()].filter(
        ({ deletedAt }) => (deletedAt !== null) === (filter.deleted ?? false),
      );
      return pageOf(all.slice(offset, offset + limit), all.length, offset);
    },
    "users.get": ({ user }: { user: string }) => ({ ...userOf(0), ...users.get(user) }),
    "users.disable": ({ user }: { user: string }) => change(user, { active: false }),
    "users.enable": ({ user }: { user: string }) => change(user, { active: true }),
    "users.delete": ({ user }: { user: string }) => change(user, { deletedAt: "2026-11-22T20:00:00.000Z" }),
    "users.restore": ({ user }: { user: string }) => change(user, { deletedAt: null, active: false }),
    "users.update": ({ user = "", changes, ifRevision }: Params<"users.update">) => {
      if (users.get(user)?.revision !== ifRevision) {
        throw refusal("revisionMismatch", `${users.get(user)?.username} was changed meanwhile`);
      }
      return change(user, changes);
    },
    "roles.list": () => pageOf(roles),
    "keys.revokeAll": () => ({ revoked: 1 }),
  });
  return { users, daemon, change };
}

interface Options {
  prepare?(made: ReturnType<typeof directory>): void;
}

async function openUsers(count = 12, { prepare }: Options = {}) {
  const made = directory(count);
  prepare?.(made);
  const app = openApp(made.daemon);
  await app.shows(/\d users?$/m);
  return { app, ...made };
}

const confirm = (app: Awaited<ReturnType<typeof openUsers>>["app"]) => {
  app.press("tab");
  app.press("enter");
};

test("marked users are disabled together after a question that counts and names them, and u undoes it", async () => {
  const { app, daemon, users } = await openUsers();
  app.type("   j ");
  await app.shows("4 marked, 12 users");
  app.type("x");
  await app.shows("Disable 4 users?");
  await app.shows("user-1, user-2, user-3, user-5");
  expect(daemon.asked("users.disable")).toEqual([]);
  confirm(app);
  await app.shows("4 users are disabled; u undoes it");
  await app.hides("marked");
  const active = () => [...users.values()].filter(({ active }) => active).length;
  expect(active()).toBe(8);

  app.type("u");
  await app.shows("Undo disabling 4 users?");
  confirm(app);
  await app.shows("Undone: disabling 4 users");
  expect(active()).toBe(12);
});

test("each that fails is told with why, and only those stay marked", async () => {
  const { app, daemon } = await openUsers();
  const disable = daemon.answers["users.disable"] as (params: { user: string }) => User;
  daemon.answers["users.disable"] = (params: { user: string }) => {
    if (params.user === userOf(2).id) throw refusal("lastAdministrator", "it is the last administrator");
    return disable(params);
  };
  app.type("   x");
  await app.shows("Disable 3 users?");
  confirm(app);
  await app.shows("2 users are disabled; u undoes it; 1 failed");
  await app.shows("user-2: it is the last administrator");
  app.press("enter");
  await app.hides("it is the last administrator");
  await app.shows("1 marked, 12 users");
  expect(app.frame()).toMatch(/\*active\s+user-2/);
});

test("undoing leaves alone whom somebody else changed since, and says so", async () => {
  const { app, users, change } = await openUsers();
  app.type("  x");
  await app.shows("Disable 2 users?");
  confirm(app);
  await app.shows("2 users are disabled");
  change(userOf(1).id, { fullName: "Changed elsewhere" });
  app.type("u");
  await app.shows("Undo disabling 2 users?");
  confirm(app);
  await app.shows("user-1: user-1 was changed meanwhile");
  expect(users.get(userOf(1).id)?.active).toBe(false);
  expect(users.get(userOf(2).id)?.active).toBe(true);
});

test("a range is marked by v and moving, and can be acted on at once", async () => {
  const { app, daemon } = await openUsers();
  app.type("jvjj");
  await app.shows("range of 3, 12 users");
  app.type("x");
  await app.shows("Disable 3 users?");
  await app.shows("user-2, user-3, user-4");
  confirm(app);
  await app.shows("3 users are disabled");
  expect(daemon.asked("users.disable")).toHaveLength(3);
  await app.hides("range");
});

test("deleting many wants the count typed", async () => {
  const { app, daemon } = await openUsers();
  app.type("   d");
  await app.shows("Delete 3 users?");
  await app.shows("Type 3 to confirm");
  app.press("tab");
  app.press("tab");
  app.press("enter");
  expect(daemon.asked("users.delete")).toEqual([]);
  app.press("tab");
  app.type("3");
  app.press("tab");
  app.press("tab");
  app.press("enter");
  await app.shows("3 users are deleted");
  await app.shows("9 users");
});

test("deleted users are seen by deleted:yes, and many are restored at once", async () => {
  const { app, change } = await openUsers();
  for (const number of [3, 4]) change(userOf(number).id, { deletedAt: "2026-11-22T20:00:00.000Z" });
  app.type("/deleted:yes");
  app.press("enter");
  await app.shows(/ 2 found/);
  app.type("  x");
  await app.shows("Restore 2 users?");
  confirm(app);
  await app.shows("2 users are back, disabled");
});

test("a role is given to those who lack it, on top of what they have now, and taken back by u", async () => {
  const { app, users, change } = await openUsers();
  change(userOf(2).id, { roles: ["admin"] });
  change(userOf(3).id, { roles: ["cook"] });
  app.type("   a");
  await app.shows("What shall be done to 3 users?");
  app.type("jj");
  await app.shows("› Give a role…");
  app.press("enter");
  await app.shows("› admin");
  app.press("enter");
  await app.shows("Give the role admin to");
  confirm(app);
  await app.shows("have the role admin; u undoes it");
  expect([1, 2, 3].map((number) => users.get(userOf(number).id)?.roles)).toEqual([
    ["viewer", "admin"],
    ["admin"],
    ["cook", "admin"],
  ]);
  app.type("u");
  await app.shows("Undo giving the role admin");
  confirm(app);
  await app.shows("Undone");
  expect(users.get(userOf(3).id)?.roles).toEqual(["cook"]);
});

test("work on many shows how far it is, and Esc stops it", async () => {
  const { app, daemon } = await openUsers(40);
  let release = () => {};
  let asked = 0;
  const send = daemon.answers["users.disable"] as (params: { user: string }) => User;
  // The answers of the fake daemon come at once: so the screen is asked to stop from within one.
  daemon.answers["users.disable"] = (params: { user: string }) => {
    asked++;
    if (asked === 5) release();
    return send(params);
  };
  release = () => app.press("escape");
  app.type("vGx");
  await app.shows("Disable 40 users?");
  confirm(app);
  await app.shows(/users are disabled; u undoes it; \d+ not tried/);
  expect(daemon.asked("users.disable").length).toBeLessThan(40);
  await app.shows(/user-\d+: not tried/);
});

/** A daemon that wants the password once before it restores. */
function distrustful({ daemon, change }: ReturnType<typeof directory>) {
  let proven = false;
  const restore = daemon.answers["users.restore"] as (params: { user: string }) => User;
  daemon.answers["auth.reauthenticate"] = () => {
    proven = true;
    return local;
  };
  daemon.answers["users.restore"] = (params: { user: string }) => {
    if (!proven) throw refusal("reauthenticationRequired", "prove your password again");
    return restore(params);
  };
  for (const number of [1, 2, 3]) change(userOf(number).id, { deletedAt: "2026-11-22T20:00:00.000Z" });
}

test("a password that is wanted again is asked for once, and then all is done", async () => {
  const { app, daemon } = await openUsers(6, { prepare: distrustful });
  app.type("/deleted:yes");
  app.press("enter");
  await app.shows(" 3 found");
  app.type("   x");
  await app.shows("Restore 3 users?");
  confirm(app);
  await app.shows("Your password again");
  app.type("correct-horse-battery");
  app.press("enter");
  await app.shows("3 users are back");
  expect(daemon.asked("auth.reauthenticate")).toHaveLength(1);
});

test("who does not give the password is not asked again for each of the rest", async () => {
  const { app, daemon } = await openUsers(6, { prepare: distrustful });
  app.type("/deleted:yes");
  app.press("enter");
  await app.shows(" 3 found");
  app.type("   x");
  await app.shows("Restore 3 users?");
  confirm(app);
  await app.shows("Your password again");
  app.press("escape");
  await app.shows("Nothing was done; 1 failed; 2 not tried");
  await app.shows("user-1: prove your password again");
  expect(daemon.asked("users.restore")).toHaveLength(1);
});

test("the change of a profile is undone from the list", async () => {
  const { app, users } = await openUsers(1);
  app.press("enter");
  await app.shows("Full name");
  app.type("e");
  await app.shows("Must change password");
  app.press("tab");
  app.ctrl("u");
  app.type("Other Name");
  app.press("enter");
  await expect.poll(() => users.get(userOf(1).id)?.fullName).toBe("Other Name");
  await app.shows("Users › user-1 › Profile");
  app.press("escape");
  await app.shows("1 user");
  app.type("u");
  await app.shows("Undone: the changes to user-1");
  expect(users.get(userOf(1).id)?.fullName).toBe("Person 1");
  app.type("u");
  await app.shows("There is nothing to undo");
});
