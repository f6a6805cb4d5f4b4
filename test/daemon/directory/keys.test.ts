import { expect, test } from "vitest";
import {
  ANONYMOUS,
  DAY,
  HOUR,
  LOCAL,
  openTestDirectory,
  PASSWORD,
  reasonOf,
  refusalOf,
} from "./test-directory.ts";

test("a person's own key holds what the person holds at any time", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada", ["viewer"]);
  const { key, secret } = await roster.call(caller, "keys.create", { name: "laptop" });
  expect(key).toMatchObject({
    username: "ada",
    name: "laptop",
    permissions: null,
    status: "active",
    useCount: 0,
  });
  expect(secret.startsWith(key.hint)).toBe(true);
  const before = await roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret });
  expect(before.principal.permissions).toEqual(["presence.read", "users.read"]);
  await roster.call(LOCAL, "users.update", { user: "ada", changes: { roles: [] } });
  const after = await roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret });
  expect(after.principal.permissions).toEqual([]);
});

test("a key made for somebody else is frozen to what the owner holds now", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service", roles: ["viewer"] });
  const { caller } = await roster.person("op", ["operator"]);
  const frozen = ["presence.read", "users.read"];
  for (const by of [caller, LOCAL]) {
    const { key } = await roster.call(by, "keys.create", { user: "bot", name: "t" });
    expect(key.permissions).toEqual(frozen);
  }
  const made = await roster.call(LOCAL, "keys.create", { user: "bot", name: "t" });
  await roster.call(LOCAL, "users.update", { user: "bot", changes: { roles: ["operator"] } });
  const { principal } = await roster.call(ANONYMOUS, "auth.loginWithKey", { key: made.secret });
  expect(principal.permissions).toEqual(frozen);
});

test("a list may hold only what the owner holds, and shrinks with the owner", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service", roles: ["viewer"] });
  const wide = { user: "bot", name: "t", permissions: ["users.read", "users.delete"] };
  const error = await refusalOf(roster.call(LOCAL, "keys.create", wide));
  expect(error).toMatchObject({ code: -32602, data: { issues: [{ path: ["permissions", 0] }] } });
  const { caller } = await roster.key("bot", ["users.read"]);
  await roster.call(caller, "users.list", {});
  await roster.call(LOCAL, "users.update", { user: "bot", changes: { roles: [] } });
  expect(await reasonOf(roster.call(caller, "users.list", {}))).toBe("forbidden");
});

test("a key makes nothing wider or longer than itself", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service", roles: ["operator"] });
  await roster.user("viewer", { type: "service", roles: ["viewer"] });
  const ends = new Date(Date.parse(roster.now) + DAY).toISOString();
  const made = await roster.call(LOCAL, "keys.create", {
    user: "bot",
    name: "t",
    permissions: ["keys.manage", "users.read", "presence.read"],
    expiresAt: ends,
  });
  const caller = { kind: "key", keyId: made.key.id, address: null } as const;
  const create = (fields: object) =>
    roster.call(caller, "keys.create", { user: "viewer", name: "t", ...fields });

  expect((await create({})).key).toMatchObject({
    permissions: ["presence.read", "users.read"],
    expiresAt: ends,
  });
  expect(await reasonOf(create({ expiresAt: null }))).toBe(-32602);
  // Its own owner holds more than the key does, so that it cannot free itself of its list.
  expect(await reasonOf(create({ user: "bot" }))).toBe("outranked");
  expect(await reasonOf(create({ user: "bot", permissions: ["users.read"] }))).toBe("outranked");
});

test("a key's own new key is frozen too, even when it holds all that its owner does", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service", roles: ["operator"] });
  const { caller, key } = await roster.key("bot");
  const made = await roster.call(caller, "keys.create", { name: "t" });
  expect(made.key).toMatchObject({ username: "bot", permissions: key.permissions });
  expect(made.key.permissions).toContain("keys.manage");
});

test("an application's permission is given by whoever holds it or manages roles; a key needs to hold it", async () => {
  const roster = await openTestDirectory();
  await roster.role("printer", ["octoprint:print"]);
  await roster.role("keeper", ["keys.manage", "roles.manage", "users.create", "users.read"]);
  await roster.user("bot", { type: "service", roles: ["printer"] });
  const operator = await roster.person("op", ["operator"]);
  const keeper = await roster.person("keeper", ["keeper"]);
  const params = { user: "bot", name: "t", permissions: ["octoprint:print"] };
  expect(await reasonOf(roster.call(operator.caller, "keys.create", params))).toBe("outranked");
  await roster.call(keeper.caller, "keys.create", params);
  const key = await roster.key("keeper");
  expect(await reasonOf(roster.call(key.caller, "keys.create", params))).toBe("outranked");
  const { principal } = await roster.call(ANONYMOUS, "auth.loginWithKey", {
    key: (await roster.key("bot")).secret,
  });
  expect(principal.permissions).toEqual(["octoprint:print"]);
});

test("an end in the past is refused; a key ends at its instant", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const past = roster.call(caller, "keys.create", { name: "t", expiresAt: roster.now });
  expect(await reasonOf(past)).toBe(-32602);
  const expiresAt = new Date(Date.parse(roster.now) + 60_000).toISOString();
  const { key, secret } = await roster.call(caller, "keys.create", { name: "t", expiresAt });
  roster.advance(59_999);
  await roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret });
  roster.advance(1);
  expect(await reasonOf(roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret }))).toBe(
    "invalidCredentials",
  );
  expect((await roster.call(caller, "keys.get", { id: key.id })).status).toBe("expired");
  const open = roster.call({ kind: "key", keyId: key.id, address: null }, "auth.whoami", {});
  expect(await reasonOf(open)).toBe("unauthenticated");
});

test("uses are counted and seen, with when, whence and how many connections are open", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const { key, secret } = await roster.key("bot");
  roster.advance(1000);
  await roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret });
  roster.connections.set(key.id, 3);
  expect(await roster.call(LOCAL, "keys.get", { id: key.id })).toMatchObject({
    useCount: 1,
    lastUsedAt: roster.now,
    lastUsedFrom: "192.0.2.7",
    openConnections: 3,
  });
});

test("the list filters by state, age, use and end", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const start = roster.now;
  const inDays = (days: number) => new Date(Date.parse(start) + days * DAY).toISOString();
  const create = async (name: string, expiresAt: string | null = null) =>
    (await roster.call(caller, "keys.create", { name, expiresAt })).key;
  const old = await create("old", inDays(1));
  const used = await create("used");
  roster.advance(HOUR / 6);
  const fresh = await create("fresh", inDays(9));
  roster.store.countUse(used.id, roster.now, null);
  await roster.call(LOCAL, "keys.revoke", { id: fresh.id });

  const names = async (filter: object) =>
    (await roster.call(caller, "keys.list", filter)).items.map(({ name }) => name).sort();
  expect(await names({})).toEqual(["fresh", "old", "used"]);
  expect(await names({ status: "revoked" })).toEqual(["fresh"]);
  expect(await names({ status: "active" })).toEqual(["old", "used"]);
  expect(await names({ createdBefore: roster.now })).toEqual(["old", "used"]);
  expect(await names({ unusedSince: roster.now })).toEqual(["old"]);
  expect(await names({ expiresBefore: inDays(2) })).toEqual(["old"]);
  expect(await names({ text: "RESH" })).toEqual(["fresh"]);
  expect(await names({ text: used.hint.slice(0, 7).toUpperCase() })).toContain("used");
  expect(await names({ text: "ad" })).toEqual(["fresh", "old", "used"]);
  expect(await names({ text: "nobody" })).toEqual([]);
  expect(await names({ limit: 1, offset: 1 })).toHaveLength(1);
  expect(await reasonOf(roster.call(caller, "keys.list", { allUsers: true }))).toBe("forbidden");
  const everybody = await roster.call(LOCAL, "keys.list", { allUsers: true, status: "active" });
  expect(everybody.total).toBe(2);
  expect(everybody.items.map(({ id }) => id)).toContain(old.id);
});

test("revoking ends a key now, with the reason; revoking it again changes nothing", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const key = await roster.key("ada");
  const revoked = await roster.call(caller, "keys.revoke", { id: key.key.id, reason: "lost" });
  expect(revoked).toMatchObject({ status: "revoked", revokedAt: roster.now, revokedReason: "lost" });
  expect(await reasonOf(roster.call(key.caller, "auth.whoami", {}))).toBe("unauthenticated");
  roster.advance(1000);
  expect(await roster.call(caller, "keys.revoke", { id: key.key.id, reason: "again" })).toEqual(revoked);
  expect(await roster.entriesOf("key.revoked")).toHaveLength(1);
});

test("all keys of a user are revoked at once, the live ones counted", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  await roster.user("other", { type: "service" });
  const kept = await roster.key("other");
  const [first] = [await roster.key("bot"), await roster.key("bot"), await roster.key("bot")];
  await roster.call(LOCAL, "keys.revoke", { id: first.key.id });
  expect(await roster.call(LOCAL, "keys.revokeAll", { user: "bot", reason: "spill" })).toEqual({
    revoked: 2,
  });
  expect(await roster.call(LOCAL, "keys.revokeAll", { user: "bot" })).toEqual({ revoked: 0 });
  await roster.call(kept.caller, "auth.whoami", {});
});

test("a revoked key that is presented raises an alarm that carries the key", async () => {
  const roster = await openTestDirectory();
  const user = await roster.user("bot", { type: "service" });
  const { key, secret } = await roster.key("bot");
  await roster.call(LOCAL, "keys.revoke", { id: key.id });
  await reasonOf(roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret }));
  await reasonOf(roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret }));
  expect(await roster.entriesOf("key.reused")).toMatchObject([
    { subject: { kind: "key", id: key.id }, outcome: "denied", count: 2, data: { key: { userId: user.id } } },
  ]);
});

test("a user has at most 100 live keys", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const first = await roster.key("bot");
  for (let count = 1; count < 100; count += 1) await roster.key("bot");
  expect(await reasonOf(roster.key("bot"))).toBe("invalidState");
  expect(await reasonOf(roster.call(LOCAL, "keys.rotate", { id: first.key.id }))).toBe("invalidState");
  await roster.call(LOCAL, "keys.rotate", { id: first.key.id, graceSeconds: 0 });
  await roster.call(LOCAL, "keys.revokeAll", { user: "bot" });
  await roster.key("bot");
});

test("an operator can neither read out, make, rotate nor revoke keys of an administrator", async () => {
  const roster = await openTestDirectory();
  await roster.user("root", { password: PASSWORD, roles: ["admin"] });
  const { key } = await roster.key("root");
  const { caller } = await roster.person("op", ["operator"]);
  for (const call of [
    roster.call(caller, "keys.create", { user: "root", name: "t", permissions: ["users.read"] }),
    roster.call(caller, "keys.rotate", { id: key.id }),
    roster.call(caller, "keys.revoke", { id: key.id }),
    roster.call(caller, "keys.revokeAll", { user: "root" }),
  ]) {
    expect(await reasonOf(call)).toBe("outranked");
  }
});
