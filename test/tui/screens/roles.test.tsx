import { expect, test } from "vitest";
import { ownPermissions, type Role, refusal } from "../../../protocol/index.ts";
import { FakeDaemon, sessionOf } from "../fake-daemon.ts";
import { openApp, pageOf, userOf } from "./open-app.tsx";

function roleOf(name: string, rest: Partial<Role> = {}): Role {
  return { name, description: "", permissions: [], builtIn: false, assigned: 0, revision: 1, ...rest };
}

const admin = roleOf("admin", { permissions: [...ownPermissions], builtIn: true, assigned: 1 });
const printer = roleOf("printer", {
  description: "Prints things",
  permissions: ["octoprint:print", "users.read"],
});

const known = [
  { name: "users.read", description: "See users and roles" },
  { name: "audit.read", description: "Read the audit log" },
  { name: "octoprint:print", description: "An application's own" },
];

async function open(daemon: FakeDaemon, name: string, shows: string | RegExp, size = {}) {
  daemon.answers["users.list"] ??= () => pageOf([userOf(1)]);
  daemon.answers["roles.list"] ??= () => pageOf([admin, printer]);
  daemon.answers["roles.permissions"] = () => ({ permissions: known });
  const app = openApp(daemon, size);
  await app.shows("1 user");
  app.type(`:${name}`);
  app.press("enter");
  await app.shows(shows);
  return app;
}

test("the roles say how much they permit and how many have them, filtered by what is typed", async () => {
  const app = await open(new FakeDaemon(), "roles", "2 roles");
  await app.shows(/admin\s+15\s+1\s+built in/);
  await app.shows(/printer\s+Prints things\s+2\s+0/);
  app.type("/octoprint");
  await app.shows("1 found");
  expect(app.frame()).not.toContain("admin");
});

test("who has a role is the list of users, filtered", async () => {
  const daemon = new FakeDaemon();
  const app = await open(daemon, "roles", "2 roles");
  app.type("jw");
  await app.shows("Filter: role:printer");
  expect(daemon.asked("users.list").at(-1)).toMatchObject({ filter: { roles: ["printer"] } });
});

test("a role that somebody has is not deleted: it says how many have it and how to see who", async () => {
  const daemon = new FakeDaemon();
  const app = await open(daemon, "roles", "2 roles");
  app.type("d");
  await app.shows("1 user has the role admin (deleted ones count): w shows who");
  expect(app.frame()).not.toContain("Delete the role");
});

test("a role that nobody has is deleted after a question that another key confirms", async () => {
  const daemon = new FakeDaemon({ "roles.delete": () => printer });
  const app = await open(daemon, "roles", "2 roles");
  app.type("jdd");
  await app.shows("Delete the role printer?");
  expect(daemon.asked("roles.delete")).toEqual([]);
  app.press("tab");
  app.press("enter");
  await app.shows("The role printer is deleted");
  expect(daemon.asked("roles.delete")).toEqual([{ name: "printer" }]);
});

test("a role is made of marked permissions and applications' own, typed", async () => {
  const daemon = new FakeDaemon({ "roles.create": () => printer });
  const app = await open(daemon, "new role", /\[ \] users\.read\s+See users and roles/);
  app.type("Printer");
  app.press("tab");
  app.press("tab");
  app.type(" ");
  app.press("tab");
  app.type("octoprint:print nonsense");
  app.press("enter");
  await app.shows("! nonsense: write app:name");
  expect(daemon.asked("roles.create")).toEqual([]);

  app.ctrl("w");
  app.press("enter");
  await app.shows(/Roles › printer {2}/);
  expect(daemon.asked("roles.create")).toEqual([
    { name: "Printer", description: "", permissions: ["octoprint:print", "users.read"] },
  ]);
});

test("a taken name is said beside the name, and nothing typed is lost", async () => {
  const daemon = new FakeDaemon({
    "roles.create": () => {
      throw refusal("alreadyExists", "There is already a role printer");
    },
  });
  const app = await open(daemon, "new role", "Description");
  app.type("printer");
  app.press("tab");
  app.type("Prints");
  app.press("enter");
  await app.shows(/Name\s+printer\s+! There is already a role printer/);
  expect(app.frame()).toMatch(/Description\s+Prints/);
});

test("of a role only what was changed is sent, with the revision that was read", async () => {
  const daemon = new FakeDaemon({ "roles.update": () => ({ ...printer, name: "print" }) });
  const app = await open(daemon, "roles", "2 roles");
  app.type("je");
  await app.shows("[x] users.read");
  app.ctrl("u");
  app.type("print");
  app.press("enter");
  await app.shows(/Roles › print {2}/);
  expect(daemon.asked("roles.update")).toEqual([
    { name: "printer", changes: { name: "print" }, ifRevision: 1 },
  ]);
});

test("somebody else's version is shown permission by permission, and both changes can be kept", async () => {
  let current = printer;
  const daemon = new FakeDaemon({
    "roles.list": () => pageOf([admin, current]),
    "roles.update": ({ ifRevision }: { ifRevision: number }) => {
      if (ifRevision !== current.revision) throw refusal("revisionMismatch", "changed meanwhile");
      return current;
    },
  });
  const app = await open(daemon, "roles", "2 roles");
  app.type("je");
  await app.shows("[x] users.read");
  app.press("tab");
  app.press("tab");
  app.type("jj ");
  app.press("tab");
  app.type("studio:design");
  current = { ...printer, permissions: ["audit.read", ...printer.permissions], revision: 2 };
  app.press("enter");
  await app.shows("Somebody changed printer meanwhile");
  await app.shows(/octoprint:print\s+no\s+yes/);
  await app.shows(/studio:design\s+yes\s+no/);
  await app.shows(/audit\.read\s+no\s+yes/);
  app.type("j");
  app.press("enter");
  await app.shows(/Roles › printer {2}/);
  expect(daemon.asked("roles.update").at(-1)).toEqual({
    name: "printer",
    changes: { permissions: ["audit.read", "studio:design", "users.read"] },
    ifRevision: 2,
  });
});

test("the matrix has a row for each permission and a column for each role, and scrolls to both", async () => {
  const many = Array.from({ length: 12 }, (_, at) => roleOf(`role-${at}`));
  const daemon = new FakeDaemon({ "roles.list": () => pageOf([admin, printer, ...many]) });
  const app = await open(daemon, "permissions", "1 of 14 roles");
  await app.shows(/users\.read\s+yes\s+yes\s+-/);
  expect(app.frame()).not.toContain("role-11");
  for (let times = 0; times < 13; times++) app.press("right");
  await app.shows("14 of 14 roles");
  await app.shows("›role-11");
  app.type("G");
  await app.shows(/› octoprint:print\s+-/);
  app.press("left");
  app.press("enter");
  await app.shows("Roles › role-10");
});

test("whoever may not manage roles sees them, and is told what managing would need", async () => {
  const vera = sessionOf("vera", { permissions: ["users.read"] });
  const daemon = new FakeDaemon({ "auth.whoami": () => vera });
  const app = await open(daemon, "roles", "2 roles");
  expect(app.frame()).not.toContain("e edit");
  app.type("e");
  await app.shows("e (edit) needs roles.manage, which you do not hold");
  app.press("enter");
  await app.shows(/Roles › admin {2}/);
});

test("a hostile description stays text on every screen of a role", async () => {
  const bad = roleOf("bad", { description: "\u001B[2J\u202Eevil", permissions: ["users.read"] });
  const daemon = new FakeDaemon({ "roles.list": () => pageOf([bad]) });
  const app = await open(daemon, "roles", "␛[2J·evil");
  app.press("enter");
  await app.shows(/Description\s+␛\[2J·evil/);
  app.type("e");
  await app.shows(/Description\s+␛\[2J·evil/);
});

test("a fresh password proof is asked for where it is needed, and what was typed is made afterwards", async () => {
  let proven = false;
  const ada = sessionOf("ada");
  const daemon = new FakeDaemon({
    "auth.whoami": () => ada,
    "auth.reauthenticate": () => {
      proven = true;
      return ada;
    },
    "roles.create": () => {
      if (!proven) throw refusal("reauthenticationRequired", "prove your password again");
      return printer;
    },
  });
  const app = await open(daemon, "new role", "Description");
  app.type("printer");
  app.press("enter");
  await app.shows("Your password again");
  expect(app.frame()).toMatch(/Name\s+printer/);
  app.type("correct-horse-battery");
  app.press("enter");
  await app.shows(/Roles › printer {2}/);
  expect(daemon.asked("roles.create")).toHaveLength(2);
});

test("an open role hears that somebody has it now", async () => {
  let assigned = 0;
  const daemon = new FakeDaemon({ "roles.list": () => pageOf([{ ...printer, assigned }]) });
  const app = await open(daemon, "roles", "1 role");
  app.press("enter");
  await app.shows(/Users\s+0, deleted ones counted/);
  assigned = 1;
  daemon.emit("user.updated");
  await app.shows(/Users\s+1, deleted ones counted/);
});

test("a directory with more roles than a page of the daemon shows all of them", async () => {
  const many = Array.from({ length: 600 }, (_, at) => roleOf(`role-${String(at).padStart(3, "0")}`));
  const daemon = new FakeDaemon({
    "roles.list": ({ offset = 0, limit = 50 }: { offset?: number; limit?: number }) =>
      pageOf(many.slice(offset, offset + limit), many.length, offset),
  });
  const app = await open(daemon, "roles", "600 roles");
  app.type("G");
  await app.shows(/› role-599/);
});
