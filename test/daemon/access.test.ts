import { expect, test } from "vitest";
import { admit, findTarget, permit } from "../../daemon/access.ts";
import { type Caller, resolveCaller } from "../../daemon/directory/caller.ts";
import {
  builtInRoles,
  type CheckedParams,
  type MethodName,
  methodNames,
  methods,
} from "../../protocol/index.ts";
import {
  ADDRESS,
  ANONYMOUS,
  LOCAL,
  MINUTE,
  openTestDirectory,
  PASSWORD,
  reasonOf,
  type TestDirectory,
} from "./directory/test-directory.ts";

/**
 * What protocol.md 5 says of each method, written down a second time and in other words than the declarations, so
 * that a check forgotten there or in the interpreter turns this red. A permission ending in `*` is needed for
 * somebody else only; `itself` and `owner` are what a key may without it. `!` is sudo.
 */
const contract: Record<MethodName, string> = {
  "system.ping": "anyone, early",
  "system.info": "authenticated",
  "system.backup": "system.manage !",
  "system.verify": "system.manage",
  "rpc.discover": "anyone",
  "auth.login": "anyone, early",
  "auth.loginWithKey": "anyone, early",
  "auth.resume": "anyone, early",
  "auth.logout": "session key, early",
  "auth.whoami": "anyone, early",
  "auth.reauthenticate": "session, early",
  "auth.verifyPassword": "auth.verify, early",
  "auth.verifyKey": "auth.verify, early",
  "users.list": "users.read",
  "users.get": "users.read* owner",
  "users.create": "users.create !",
  "users.update": "users.update*",
  "users.enable": "users.update",
  "users.disable": "users.update",
  "users.delete": "users.delete",
  "users.import": "users.create !",
  "users.export": "users.read settings.read !",
  "users.restore": "users.delete !",
  "users.purge": "users.delete",
  "users.unlock": "users.password",
  "users.changePassword": "session, early",
  "users.resetPassword": "users.password !",
  "keys.list": "keys.manage*",
  "keys.get": "keys.manage* itself",
  "keys.create": "keys.manage* !",
  "keys.rotate": "keys.manage* itself !",
  "keys.update": "keys.manage* !",
  "keys.revoke": "keys.manage*",
  "keys.revokeAll": "keys.manage*",
  "sessions.list": "sessions.manage*",
  "sessions.revoke": "sessions.manage*",
  "sessions.revokeAll": "sessions.manage*",
  "settings.get": "settings.read*",
  "settings.save": "settings.manage*",
  "settings.reset": "settings.manage*",
  "presence.list": "presence.read",
  "presence.set": "presence.manage*",
  "presence.clear": "presence.manage*",
  "presence.statuses": "presence.read",
  "roles.list": "users.read",
  "roles.permissions": "users.read",
  "roles.create": "roles.manage !",
  "roles.update": "roles.manage !",
  "roles.delete": "roles.manage !",
  "audit.query": "audit.read",
  "audit.tip": "audit.read",
  "events.subscribe": "authenticated",
  "events.unsubscribe": "authenticated",
};

/** Whom a call is about, from its caller's side. */
type About = "own" | "other" | "absent";

interface Actor {
  name: string;
  caller: Caller;
  kind: Caller["kind"];
  permissions: readonly string[];
  /** The account it has, and its key or session where it is one. */
  username?: string;
  keyId?: string;
  sessionId?: string;
  mustChange?: boolean;
}

const ABSENT_ID = "01900000-0000-7000-8000-000000000000";

/** The answer that the contract wants: a reason, or "ok". */
function expected(method: MethodName, actor: Actor, about: About): string {
  const rule = contract[method];
  if (actor.mustChange && !rule.endsWith("early")) return "passwordChangeRequired";
  if (rule.startsWith("anyone")) return "ok";
  if (actor.kind === "anonymous") return "unauthenticated";
  if (rule === "authenticated") return "ok";
  const permissions = permissionsIn(rule);
  if (permissions.length === 0) return rule.includes(actor.kind) ? "ok" : "forbidden";
  if (permissions.every((permission) => actor.permissions.includes(permission)))
    return about === "absent" && takesTarget(method) ? "notFound" : "ok";
  if (about !== "own") return "forbidden";
  if (actor.kind === "session" && rule.includes("*")) return "ok";
  return actor.kind === "key" && /owner|itself/.test(rule) ? "ok" : "forbidden";
}

function permissionsIn(rule: string): string[] {
  return rule.match(/\b[a-z]+\.[a-z]+/g) ?? [];
}

function takesTarget(method: MethodName): boolean {
  const { shape } = methods[method].params;
  return "user" in shape || "id" in shape;
}

/** Parameters, valid for access to judge, of a call about this account or key. */
function paramsFor(
  method: MethodName,
  actor: Actor,
  about: About,
  ids: { ownKey: string; otherKey: string; ownSession: string; otherSession: string },
) {
  const { shape } = methods[method].params;
  const params: Record<string, unknown> = {};
  if ("user" in shape)
    params.user = { own: actor.username ?? "nobody", other: "other", absent: ABSENT_ID }[about];
  if ("id" in shape) {
    params.id = method.startsWith("keys.")
      ? { own: actor.keyId ?? ids.ownKey, other: ids.otherKey, absent: ABSENT_ID }[about]
      : { own: actor.sessionId ?? ids.ownSession, other: ids.otherSession, absent: ABSENT_ID }[about];
  }
  if ("users" in shape) Object.assign(params, { users: [], mode: "create" });
  if ("changes" in shape) params.changes = { fullName: "x" };
  return params as CheckedParams<MethodName>;
}

async function judged(
  roster: TestDirectory,
  actor: Actor,
  method: MethodName,
  params: unknown,
): Promise<string> {
  const call = (async () => {
    const { caller } = actor;
    const by = admit(await resolveCaller(roster.store, caller, roster.now), caller, method);
    const given = params as CheckedParams<MethodName>;
    permit(by, method, given, await findTarget(roster.store, by, method, given));
  })();
  return call.then(
    () => "ok",
    (error) => error.reason ?? String(error),
  );
}

async function session(roster: TestDirectory, username: string, roles: string[], more = {}): Promise<Actor> {
  await roster.user(username, { password: PASSWORD, roles, ...more });
  const caller = await roster.login(username);
  const held = builtInRoles.filter((role) => roles.includes(role.name)).flatMap((role) => role.permissions);
  const sessionId = sessionIdOf(caller);
  return { name: `session of ${username}`, caller, kind: "session", permissions: held, username, sessionId };
}

function sessionIdOf(caller: Caller): string {
  if (caller.kind !== "session") throw new Error("no session");
  return caller.sessionId;
}

async function sessionOf(roster: TestDirectory, username: string): Promise<string> {
  return sessionIdOf(await roster.login(username));
}

async function key(roster: TestDirectory, owner: string, permissions: string[]): Promise<Actor> {
  const made = await roster.key(owner, permissions);
  const name = `key of ${owner} with ${permissions.join(" ") || "nothing"}`;
  return { name, caller: made.caller, kind: "key", permissions, username: owner, keyId: made.key.id };
}

async function principals(roster: TestDirectory): Promise<Actor[]> {
  const all = methodNames.flatMap((method) => permissionsIn(contract[method]));
  const permissions = [...new Set(all)];
  const actors: Actor[] = [
    { name: "anonymous", caller: ANONYMOUS, kind: "anonymous", permissions: [] },
    { name: "local", caller: LOCAL, kind: "local", permissions },
    await session(roster, "nobody", []),
    await session(roster, "newcomer", ["admin"], { mustChangePassword: true }).then((actor) => ({
      ...actor,
      mustChange: true,
    })),
  ];
  for (const { name } of builtInRoles) actors.push(await session(roster, `the-${name}`, [name]));
  actors.push(await key(roster, "the-admin", []));
  for (const permission of permissions) actors.push(await key(roster, "the-admin", [permission]));
  return actors;
}

test("every method answers every principal as the contract says, about itself, others and nobody", async () => {
  const roster = await openTestDirectory();
  const other = await roster.person("other", ["viewer"]);
  const otherSession = sessionIdOf(other.caller);
  const otherKey = (await roster.key("other")).key.id;
  const wrong: string[] = [];
  let checked = 0;
  for (const actor of await principals(roster)) {
    const hasAccount = actor.kind === "session" || actor.kind === "key";
    const ownKey = hasAccount ? (await roster.key(actor.username ?? "")).key.id : ABSENT_ID;
    const ownSession = hasAccount ? await sessionOf(roster, actor.username ?? "") : ABSENT_ID;
    for (const method of methodNames) {
      for (const about of hasAccount
        ? (["own", "other", "absent"] as const)
        : (["other", "absent"] as const)) {
        const params = paramsFor(method, actor, about, { ownKey, otherKey, ownSession, otherSession });
        const answer = await judged(roster, actor, method, params);
        const wanted = expected(method, actor, about);
        checked += 1;
        if (answer !== wanted)
          wrong.push(`${method} by ${actor.name} about ${about}: ${answer}, not ${wanted}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(checked).toBeGreaterThan(1000);
});

test("what the contract marks with ! wants a fresh proof of sessions, and of nobody else", async () => {
  const roster = await openTestDirectory();
  const other = await roster.person("other", ["viewer"]);
  const otherSession = sessionIdOf(other.caller);
  const otherKey = (await roster.key("other")).key.id;
  const admin = await session(roster, "root", ["admin"]);
  const adminKey = await key(roster, "root", [...(builtInRoles[0]?.permissions ?? [])]);
  const local: Actor = { name: "local", caller: LOCAL, kind: "local", permissions: [] };
  roster.advance(15 * MINUTE + 1);
  for (const method of methodNames) {
    const params = paramsFor(method, admin, "other", {
      ownKey: otherKey,
      otherKey,
      ownSession: otherSession,
      otherSession,
    });
    const wanted = contract[method].endsWith("!") ? "reauthenticationRequired" : "ok";
    expect([method, await judged(roster, admin, method, params)]).toEqual([method, wanted]);
    if (!contract[method].includes("session")) {
      expect([method, await judged(roster, adminKey, method, params)]).toEqual([method, "ok"]);
      if (method !== "auth.logout") {
        expect([method, await judged(roster, local, method, params)]).toEqual([method, "ok"]);
      }
    }
  }
  const roles = { user: "other", changes: { roles: [] } };
  expect(await judged(roster, admin, "users.update", roles)).toBe("reauthenticationRequired");
});

test("the age of the proof matters only to those who may make the call, and before existence is told", async () => {
  const roster = await openTestDirectory();
  const admin = await session(roster, "root", ["admin"]);
  const nobody = await session(roster, "nobody", []);
  roster.advance(16 * MINUTE);
  const params = { user: "does-not-exist", password: "x", mustChangePassword: true };
  expect(await judged(roster, nobody, "users.resetPassword", params)).toBe("forbidden");
  expect(await judged(roster, admin, "users.resetPassword", params)).toBe("reauthenticationRequired");
});

test("by oneself one changes full name and theme, nothing that gives power", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  await roster.call(caller, "users.update", { changes: { fullName: "Ada", theme: "light" } });
  for (const changes of [
    { roles: ["admin"] },
    { fullName: "Ada", roles: [] },
    { active: true },
    { username: "root" },
    { mustChangePassword: false },
    { validUntil: null },
    { presence: false },
  ]) {
    expect(await reasonOf(roster.call(caller, "users.update", { changes }))).toBe("forbidden");
  }
});

test("one's own account is found by id and by name in any spelling", async () => {
  const roster = await openTestDirectory();
  const { caller, user } = await roster.person("ada");
  for (const ref of [user.id, user.id.toUpperCase(), "ada", "ADA", "ａｄａ"]) {
    expect((await roster.call(caller, "users.get", { user: ref })).id).toBe(user.id);
  }
});

test("a caller without an account must name one", async () => {
  const roster = await openTestDirectory();
  for (const method of [
    "users.get",
    "keys.list",
    "keys.revokeAll",
    "settings.get",
    "settings.reset",
    "sessions.list",
    "sessions.revokeAll",
    "presence.clear",
  ] as const) {
    expect(await reasonOf(roster.call(LOCAL, method, {}))).toBe(-32602);
  }
  await roster.call(LOCAL, "keys.list", { allUsers: true });
  await roster.call(LOCAL, "sessions.list", { allUsers: true });
});

test("everybody's keys and sessions need the permission even where one's own do not", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  for (const method of ["keys.list", "sessions.list"] as const) {
    await roster.call(caller, method, {});
    expect(await reasonOf(roster.call(caller, method, { allUsers: true }))).toBe("forbidden");
  }
});

test("a refusal names the permission that is missing", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  await expect(roster.call(caller, "users.delete", { user: "ada" })).rejects.toMatchObject({
    code: 403,
    data: { reason: "forbidden", permission: "users.delete" },
  });
});

test("the rules are asked again inside the transaction: a right lost meanwhile is lost", async () => {
  const roster = await openTestDirectory();
  await roster.user("bob", { roles: ["viewer"] });
  const { caller } = await roster.person("op", ["operator"]);
  const [, answer] = await Promise.all([
    roster.call(LOCAL, "users.update", { user: "op", changes: { roles: [] } }),
    reasonOf(roster.call(caller, "users.disable", { user: "bob" })),
  ]);
  expect(answer).toBe("forbidden");
  expect((await roster.call(LOCAL, "users.get", { user: "bob" })).active).toBe(true);
});

test("callers that are not there are refused for whatever they ask", async () => {
  const roster = await openTestDirectory();
  const gone: [Caller, string][] = [
    [{ kind: "session", sessionId: ABSENT_ID, address: ADDRESS }, "sessionExpired"],
    [{ kind: "key", keyId: ABSENT_ID, address: ADDRESS }, "unauthenticated"],
  ];
  for (const [caller, reason] of gone) {
    for (const method of ["auth.whoami", "system.ping", "users.list"] as const) {
      expect(await reasonOf(roster.call(caller, method, {}))).toBe(reason);
    }
  }
});
