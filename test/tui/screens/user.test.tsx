import { expect, onTestFinished, test, vi } from "vitest";
import { type Params, refusal } from "../../../protocol/index.ts";
import { FakeDaemon } from "../fake-daemon.ts";
import { keyOf, openApp, pageOf, roles, userOf } from "./open-app.tsx";

const secret = "rk_abcdefghijkl_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG012345";

const TABS = ["Profile", "Keys", "Settings", "Presence", "Sessions", "History"] as const;

function openUser(daemon: FakeDaemon) {
  daemon.answers["users.list"] = () => pageOf([userOf(1)]);
  daemon.answers["users.get"] ??= () => userOf(1);
  daemon.answers["roles.list"] = () => pageOf(roles);
  const app = openApp(daemon);
  return {
    ...app,
    open: async (tab: (typeof TABS)[number] = "Profile") => {
      await app.shows("1 user");
      app.press("enter");
      await app.shows("user-1 › Profile");
      for (let at = 0; at < TABS.indexOf(tab); at += 1) app.press("tab");
    },
  };
}

test("a reset password is generated, asked for first, shown once and then gone", async () => {
  const daemon = new FakeDaemon({ "users.resetPassword": () => ({ generatedPassword: "abcde-fghij" }) });
  const app = openUser(daemon);
  await app.open();
  app.type("p");
  await app.shows("Reset the password of user-1?");
  app.type("p");
  app.press("enter");
  await app.hides("Reset the password");
  expect(daemon.asked("users.resetPassword")).toEqual([]);

  app.type("p");
  await app.shows("Reset the password of user-1?");
  app.press("tab");
  app.press("enter");
  await app.shows("abcde-fghij");
  app.press("enter");
  await app.hides("abcde-fghij");
});

test("only the fields that were changed are sent, with the revision that was read", async () => {
  const daemon = new FakeDaemon({ "users.update": () => userOf(1) });
  const app = openUser(daemon);
  await app.open();
  app.type("e");
  await app.shows("Must change password");
  app.press("tab");
  app.ctrl("u");
  app.type("New Name");
  app.press("enter");
  await app.shows("user-1 › Profile");
  expect(daemon.asked("users.update")).toEqual([
    { user: userOf(1).id, changes: { fullName: "New Name" }, ifRevision: 1 },
  ]);
});

test("a form that was not changed saves nothing and leaves without a question", async () => {
  const daemon = new FakeDaemon();
  const app = openUser(daemon);
  await app.open();
  app.type("e");
  await app.shows("Must change password");
  app.press("escape");
  await app.shows("user-1 › Profile");
  app.type("e");
  await app.shows("Must change password");
  app.press("enter");
  await app.shows("user-1 › Profile");
  expect(daemon.asked("users.update")).toEqual([]);
});

test("in a conflict one may take the other version, and nothing is sent again", async () => {
  const daemon = new FakeDaemon({
    "users.update": () => {
      throw refusal("revisionMismatch", "user-1 was changed meanwhile", { revision: 2 });
    },
  });
  const app = openUser(daemon);
  await app.open();
  app.type("e");
  await app.shows("Must change password");
  app.press("tab");
  app.ctrl("u");
  app.type("Mine");
  daemon.answers["users.get"] = () => userOf(1, { fullName: "Theirs", revision: 2 });
  app.press("enter");
  await app.shows(/Full name\s+Mine\s+Theirs/);
  app.press("escape");
  await app.hides("Somebody changed");
  expect(app.frame()).toMatch(/Full name\s+Mine/);

  app.press("enter");
  await app.shows("Somebody changed");
  app.type("jj");
  app.press("enter");
  await app.shows("user-1 › Profile");
  expect(daemon.asked("users.update")).toHaveLength(2);
});

test("a wrong end of the account is said beside the field", async () => {
  const daemon = new FakeDaemon();
  const app = openUser(daemon);
  await app.open();
  app.type("e");
  await app.shows("Must change password");
  app.press("tab", { shift: true });
  app.ctrl("u");
  app.type("soon");
  app.press("enter");
  await app.shows("Leave it empty for none, or say 90d");
  expect(daemon.asked("users.update")).toEqual([]);
});

test("a new key may be limited to marked permissions; its secret is gone after Enter", async () => {
  const daemon = new FakeDaemon({
    "keys.list": () => pageOf([]),
    "keys.create": () => ({ key: keyOf(1), secret }),
  });
  const app = openUser(daemon);
  await app.open("Keys");
  await app.shows("user-1 has no keys");
  app.type("n");
  await app.shows("It may do");
  app.type("printer");
  app.press("tab");
  app.press("tab");
  app.press("right");
  await app.shows("[ ] users.read");
  app.press("enter");
  await app.shows("mark at least one");
  app.press("tab");
  app.press("down");
  app.type(" ");
  app.press("enter");
  await app.shows(secret);
  expect(daemon.asked("keys.create")).toEqual([
    { user: userOf(1).id, name: "printer", expiresAt: null, permissions: ["users.read"] },
  ]);
  app.press("escape");
  expect(app.frame()).toContain(secret);
  app.press("enter");
  await app.shows("user-1 › Keys");
  expect(app.frame()).not.toContain(secret);
});

test("the rotation says what will happen, and asks with the chosen grace", async () => {
  const daemon = new FakeDaemon({
    "keys.list": () =>
      pageOf([keyOf(1, { openConnections: 2, lastUsedAt: "2026-11-22T20:00:00.000Z", useCount: 7 })]),
    "keys.rotate": () => ({ key: keyOf(2), secret, previous: keyOf(1, { status: "revoked" }) }),
  });
  const app = openUser(daemon);
  await app.open("Keys");
  await app.shows(/key-1\s+active/);
  app.type("R");
  await app.shows("7 times in all; 2 open connections.");
  app.type("kk");
  await app.shows("The old key stops working at once and loses its 2 open connections.");
  app.press("enter");
  await app.shows(secret);
  expect(daemon.asked("keys.rotate")).toEqual([{ id: keyOf(1).id, graceSeconds: 0 }]);
  app.press("enter");
  await app.shows("user-1 › Keys");
});

test("what has ended can neither be rotated nor revoked, and says so", async () => {
  const daemon = new FakeDaemon({ "keys.list": () => pageOf([keyOf(1, { status: "revoked" })]) });
  const app = openUser(daemon);
  await app.open("Keys");
  await app.shows(/key-1\s+revoked/);
  app.type("R");
  await app.shows("only an active key can be rotated");
  app.type("d");
  await app.shows("has ended already");
});

test("settings are edited as JSON and saved as a whole over the version that was read", async () => {
  const saved: Params<"settings.save">[] = [];
  const daemon = new FakeDaemon({
    "settings.get": () => ({ settings: { studio: { dark: true } }, revision: 4 }),
    "settings.save": (params: Params<"settings.save">) => {
      saved.push(params);
      return { settings: params.settings, revision: 5 };
    },
  });
  const app = openUser(daemon);
  await app.open("Settings");
  await app.shows('"dark": true');
  app.type("e");
  await app.shows("Ctrl-S save");
  app.press("down");
  app.press("down");
  app.press("end");
  app.type(",");
  app.ctrl("s");
  await app.shows("Line 4, column 3: Expected double-quoted property name");
  // The cursor stands where the mistake is.
  app.type('"size": 2');
  app.ctrl("s");
  await app.shows("user-1 › Settings");
  expect(saved).toEqual([
    { user: userOf(1).id, settings: { studio: { dark: true, size: 2 } }, replace: true, ifRevision: 4 },
  ]);
});

test("settings that somebody else saved meanwhile are shown beside one's own", async () => {
  let current = { settings: { a: 1 }, revision: 1 };
  const daemon = new FakeDaemon({
    "settings.get": () => current,
    "settings.save": ({ ifRevision, settings }: { ifRevision: number; settings: { a: number } }) => {
      if (ifRevision !== current.revision) throw refusal("revisionMismatch", "changed meanwhile");
      current = { settings, revision: ifRevision + 1 };
      return current;
    },
  });
  const app = openUser(daemon);
  await app.open("Settings");
  await app.shows('"a": 1');
  app.type("e");
  await app.shows("Ctrl-S save");
  app.press("down");
  app.press("end");
  app.press("backspace");
  app.type("2");
  current = { settings: { a: 3 }, revision: 2 };
  app.ctrl("s");
  await app.shows(/"a": 2\s+"a": 3/);
  expect(current.settings).toEqual({ a: 3 });
  app.type("j");
  app.press("enter");
  await app.shows("user-1 › Settings");
  expect(current.settings).toEqual({ a: 2 });
});

test("a key is renamed, narrowed and shortened; what was left alone is not sent", async () => {
  const key = keyOf(1, { permissions: ["presence.read", "users.read"] });
  const daemon = new FakeDaemon({ "keys.list": () => pageOf([key]), "keys.update": () => key });
  const app = openUser(daemon);
  await app.open("Keys");
  await app.shows(/key-1\s+active/);
  app.type("e");
  await app.shows("[x] presence.read");
  app.ctrl("u");
  app.press("enter");
  await app.shows("! must not be empty");
  expect(daemon.asked("keys.update")).toEqual([]);
  app.type("printer");
  app.press("tab");
  app.press("tab");
  app.type(" ");
  app.press("enter");
  await app.shows(/user-1 › Keys {2}/);
  expect(daemon.asked("keys.update")).toEqual([
    { id: key.id, changes: { name: "printer", permissions: ["users.read"] } },
  ]);
});

test("settings go back to the defaults only after a question", async () => {
  const daemon = new FakeDaemon({
    "settings.get": () => ({ settings: { a: 1 }, revision: 1 }),
    "settings.reset": () => userOf(1),
  });
  const app = openUser(daemon);
  await app.open("Settings");
  await app.shows('"a": 1');
  app.type("DD");
  await app.shows("Put the settings of user-1 back to the defaults?");
  expect(daemon.asked("settings.reset")).toEqual([]);
  app.press("tab");
  app.press("enter");
  await app.hides("back to the defaults?");
  expect(daemon.asked("settings.reset")).toEqual([{ user: userOf(1).id }]);
});

test("an editor that leaves the settings as they were is told of, and nothing is changed", async () => {
  vi.stubEnv("VISUAL", "true");
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const daemon = new FakeDaemon({ "settings.get": () => ({ settings: { a: 1 }, revision: 1 }) });
  const app = openUser(daemon);
  await app.open("Settings");
  await app.shows('"a": 1');
  app.type("E");
  await app.shows("The editor left it as it was");
  app.press("escape");
  await app.shows(/user-1 › Settings {2}/);
});
