import { afterEach, expect, test, vi } from "vitest";
import type { Caller } from "../../../daemon/directory/caller.ts";
import { issueSecret } from "../../../daemon/directory/secrets.ts";
import type { Params } from "../../../protocol/index.ts";
import { Scrypt } from "./password-records.ts";
import {
  ANONYMOUS,
  HOUR,
  LOCAL,
  type Options,
  openTestDirectory,
  PASSWORD,
  reasonOf,
  refusalOf,
  type TestDirectory,
} from "./test-directory.ts";

const VISITOR = "203.0.113.9";
const INVALID = { valid: false, reason: "invalidCredentials" };

afterEach(() => {
  vi.restoreAllMocks();
});

/** A directory with a web service that may ask, and a person that it is asked about. */
async function openWithService(options: Options = {}) {
  const roster = await openTestDirectory(options);
  await roster.role("web", ["auth.verify"]);
  await roster.user("web", { type: "service", roles: ["web"] });
  const { caller: web } = await roster.key("web");
  const ada = await roster.user("ada", { password: PASSWORD, roles: ["viewer"] });
  return { roster, web, ada };
}

function verify(roster: TestDirectory, by: Caller, given: Partial<Params<"auth.verifyPassword">> = {}) {
  const params = { username: "ada", password: PASSWORD, address: VISITOR, ...given };
  return roster.call(by, "auth.verifyPassword", params);
}

test("a good password brings the user and all that they may do, applications' permissions included", async () => {
  const { roster, web, ada } = await openWithService();
  await roster.role("printer", ["octoprint:print"]);
  await roster.call(LOCAL, "users.update", { user: "ada", changes: { roles: ["viewer", "printer"] } });
  roster.advance(HOUR);
  const verdict = await verify(roster, web, { username: "ADA" });
  expect(verdict).toMatchObject({
    valid: true,
    user: { id: ada.id, username: "ada", lastLoginAt: roster.now },
    permissions: ["octoprint:print", "presence.read", "users.read"],
  });
  expect(verdict).not.toHaveProperty("reason");
  expect(JSON.stringify(verdict)).not.toMatch(/hash|scrypt/i);
});

test("a login elsewhere is in the audit with the service and the end user's address, and no session", async () => {
  const { roster, web, ada } = await openWithService();
  await verify(roster, web);
  expect(await roster.entriesOf("password.verified")).toMatchObject([
    { actor: { kind: "key", address: VISITOR }, subject: { kind: "user", id: ada.id } },
  ]);
  expect(await roster.call(LOCAL, "sessions.list", { user: "ada" })).toMatchObject({ total: 0 });
  expect(JSON.stringify(roster.entries)).not.toContain(PASSWORD);
});

test("why an account does not let in is told only with the right password", async () => {
  const { roster, web } = await openWithService();
  const soon = new Date(Date.parse(roster.now) + HOUR).toISOString();
  await roster.user("disabled", { password: PASSWORD, active: false });
  await roster.user("expired", { password: PASSWORD, validUntil: soon });
  await roster.user("newcomer", { password: PASSWORD, mustChangePassword: true });
  await roster.user("deleted", { password: PASSWORD });
  await roster.user("deletedandoff", { password: PASSWORD, active: false });
  for (const user of ["deleted", "deletedandoff"]) await roster.call(LOCAL, "users.delete", { user });
  await roster.user("keysonly");
  roster.advance(HOUR);
  const answers: [string, string][] = [
    ["disabled", "disabled"],
    ["expired", "expired"],
    ["newcomer", "passwordChangeRequired"],
    ["deleted", "invalidCredentials"],
    ["deletedandoff", "invalidCredentials"],
    ["keysonly", "invalidCredentials"],
    ["nobody", "invalidCredentials"],
  ];
  for (const [username, reason] of answers) {
    expect([username, await verify(roster, web, { username })]).toEqual([username, { valid: false, reason }]);
    const wrong = await verify(roster, web, { username, password: "wrong" });
    expect([username, wrong]).toEqual([username, INVALID]);
  }
});

test("whatever the name is, an answer costs one hash", async () => {
  const { roster, web } = await openWithService();
  await roster.user("disabled", { password: PASSWORD, active: false });
  await roster.user("deleted", { password: PASSWORD });
  await roster.call(LOCAL, "users.delete", { user: "deleted" });
  await roster.user("keysonly");
  const hashing = vi.spyOn(Scrypt, "verify");
  for (const username of ["ada", "nobody", "disabled", "deleted", "keysonly"]) {
    for (const password of [PASSWORD, "wrong"]) {
      hashing.mockClear();
      await verify(roster, web, { username, password });
      expect([username, password, hashing.mock.calls.length]).toEqual([username, password, 1]);
    }
  }
});

test("an account that was disabled while its password was being checked is not let in", async () => {
  const { roster, web } = await openWithService();
  const [verdict] = await Promise.all([
    verify(roster, web),
    roster.call(LOCAL, "users.disable", { user: "ada" }),
  ]);
  expect(verdict).toEqual(INVALID);
});

test("wrong passwords lock the account out, here and at the front door alike", async () => {
  const { roster, web } = await openWithService();
  for (let count = 0; count < 3; count += 1) {
    expect(await verify(roster, web, { password: "wrong" })).toEqual(INVALID);
  }
  const refused = await refusalOf(verify(roster, web));
  expect(refused).toMatchObject({ code: 429, data: { reason: "rateLimited", retryAfterMs: 1000 } });
  const login = roster.call(ANONYMOUS, "auth.login", { username: "ada", password: PASSWORD });
  expect(await reasonOf(login)).toBe("rateLimited");
  await roster.settle();
  expect((await roster.call(LOCAL, "users.get", { user: "ada" })).lockedUntil).not.toBeNull();
  roster.advance(1000);
  expect(await verify(roster, web)).toMatchObject({ valid: true });
  // The good one has cleared the count: a slip costs no delay.
  expect(await verify(roster, web, { password: "wrong" })).toEqual(INVALID);
  await roster.login("ada");
});

test("names without an account are delayed alike", async () => {
  const { roster, web } = await openWithService();
  for (let count = 0; count < 3; count += 1) {
    expect(await verify(roster, web, { username: "nobody" })).toEqual(INVALID);
  }
  expect(await reasonOf(verify(roster, web, { username: "nobody" }))).toBe("rateLimited");
});

test("on the Unix socket the end users are guarded against too: they are elsewhere", async () => {
  const { roster } = await openWithService();
  for (let count = 0; count < 3; count += 1) await verify(roster, LOCAL, { password: "wrong" });
  expect(await reasonOf(verify(roster, LOCAL))).toBe("rateLimited");
});

test("an end user's address has a budget of its own: neither others nor logins pay for it", async () => {
  const { roster, web } = await openWithService({ verifyBudget: { perAddress: 2, perService: 100 } });
  const other = await roster.key("web");
  const guess = (username: string, address = VISITOR) => verify(roster, web, { username, address });
  expect(await guess("a")).toEqual(INVALID);
  expect(await guess("b")).toEqual(INVALID);
  expect(await reasonOf(guess("ada"))).toBe("rateLimited");
  // The same host by another of its names.
  expect(await reasonOf(guess("ada", `::ffff:${VISITOR}`))).toBe("rateLimited");
  expect(await guess("ada", "203.0.113.10")).toMatchObject({ valid: true });
  expect(await verify(roster, other.caller)).toMatchObject({ valid: true });
  await roster.login("ada", PASSWORD, { kind: "anonymous", address: VISITOR });
});

test("a service has a budget of its own, whatever addresses it tells", async () => {
  const { roster, web } = await openWithService({ verifyBudget: { perAddress: 100, perService: 2 } });
  expect(await verify(roster, web, { username: "a", address: "203.0.113.1" })).toEqual(INVALID);
  expect(await verify(roster, web, { username: "b", address: undefined })).toEqual(INVALID);
  expect(await reasonOf(verify(roster, web, { address: "203.0.113.3" }))).toBe("rateLimited");
  const { caller } = await roster.key("web");
  expect(await verify(roster, caller)).toMatchObject({ valid: true });
});

test.each([
  ["2001:db8::1", "2001:db8::1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["fe80::1%eth0", "fe80::1"],
])("an address is taken as a socket tells it: %s", async (address, noted) => {
  const { roster, web } = await openWithService();
  expect(await verify(roster, web, { address })).toMatchObject({ valid: true });
  expect(await roster.entriesOf("password.verified")).toMatchObject([{ actor: { address: noted } }]);
});

test.each(["", "ada", "192.0.2.1\n", "192.0.2.999", "%eth0"])("no address: %j", async (address) => {
  const { roster, web } = await openWithService();
  await expect(verify(roster, web, { address })).rejects.toThrow("address");
});

test("a good key brings its owner and what it may do now; the use is counted with the address", async () => {
  const { roster, web, ada } = await openWithService();
  await roster.role("printer", ["octoprint:print"]);
  await roster.call(LOCAL, "users.update", { user: "ada", changes: { roles: ["viewer", "printer"] } });
  const { key, secret } = await roster.key("ada", ["octoprint:print", "users.read"]);
  const check = () => roster.call(web, "auth.verifyKey", { key: secret, address: VISITOR });
  const verdict = await check();
  expect(verdict).toMatchObject({
    valid: true,
    user: { id: ada.id },
    key: { id: key.id, useCount: 1, lastUsedAt: roster.now, lastUsedFrom: VISITOR },
    permissions: ["octoprint:print", "users.read"],
  });
  expect(JSON.stringify(verdict)).not.toContain(secret);
  await roster.call(LOCAL, "users.update", { user: "ada", changes: { roles: ["printer"] } });
  expect(await check()).toMatchObject({ permissions: ["octoprint:print"], key: { useCount: 2 } });
  expect((await roster.call(LOCAL, "keys.get", { id: key.id })).lastUsedFrom).toBe(VISITOR);
});

test("an owner who must change their password first is no reason against their key", async () => {
  const { roster, web } = await openWithService();
  await roster.user("newcomer", { password: PASSWORD, mustChangePassword: true });
  const { secret } = await roster.key("newcomer");
  expect(await roster.call(web, "auth.verifyKey", { key: secret })).toMatchObject({ valid: true });
});

test("an ended key or owner is not valid, and counts no use", async () => {
  const { roster, web } = await openWithService();
  const expiresAt = new Date(Date.parse(roster.now) + HOUR).toISOString();
  const ending = await roster.call(LOCAL, "keys.create", { user: "ada", name: "t", expiresAt });
  const revoked = await roster.key("ada");
  await roster.call(LOCAL, "keys.revoke", { id: revoked.key.id });
  await roster.user("off", { active: false });
  const off = await roster.key("off");
  await roster.user("leaving", { validUntil: expiresAt });
  const leaving = await roster.key("leaving");
  roster.advance(HOUR);
  for (const [secret, reason] of [
    [ending.secret, "expired"],
    [leaving.secret, "expired"],
    [off.secret, "disabled"],
    [revoked.secret, "invalidCredentials"],
    [issueSecret("rk").secret, "invalidCredentials"],
    ["rs_notakey", "invalidCredentials"],
  ]) {
    const verdict = await roster.call(web, "auth.verifyKey", { key: secret ?? "", address: VISITOR });
    expect(verdict).toEqual({ valid: false, reason });
  }
  for (const id of [ending.key.id, revoked.key.id]) {
    expect((await roster.call(LOCAL, "keys.get", { id })).useCount).toBe(0);
  }
});

test("a revoked or replaced key that is presented elsewhere raises the alarm", async () => {
  const { roster, web } = await openWithService();
  const { key, secret } = await roster.key("ada");
  await roster.call(LOCAL, "keys.rotate", { id: key.id, graceSeconds: 0 });
  for (let count = 0; count < 3; count += 1) {
    await roster.call(web, "auth.verifyKey", { key: secret, address: VISITOR });
  }
  expect(await roster.entriesOf("key.reused")).toMatchObject([
    { subject: { id: key.id }, count: 3, outcome: "denied", actor: { kind: "key", address: VISITOR } },
  ]);
});

test("who guesses keys runs out of budget; good, ended and mistyped ones cost nothing", async () => {
  const { roster, web } = await openWithService({ verifyBudget: { perAddress: 2, perService: 100 } });
  const { key, secret } = await roster.key("ada");
  const gone = await roster.key("ada");
  await roster.call(LOCAL, "keys.revoke", { id: gone.key.id });
  const check = (presented: string) =>
    roster.call(web, "auth.verifyKey", { key: presented, address: VISITOR });
  for (const harmless of [gone.secret, `${secret}x`, gone.secret, `${secret}x`]) await check(harmless);
  for (let count = 0; count < 2; count += 1) await check(issueSecret("rk").secret);
  expect(await reasonOf(check(issueSecret("rk").secret))).toBe("rateLimited");
  expect(await check(secret)).toMatchObject({ valid: true, key: { id: key.id } });
});

test("who may not verify is refused, whatever they ask about", async () => {
  const { roster } = await openWithService();
  const { caller } = await roster.person("ben", ["operator"]);
  expect(await reasonOf(verify(roster, caller))).toBe("forbidden");
  expect(await reasonOf(verify(roster, ANONYMOUS))).toBe("unauthenticated");
});
