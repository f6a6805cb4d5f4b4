import { crc32 } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import type { Caller } from "../../../daemon/directory/caller.ts";
import { defaultScryptCost } from "../../../daemon/directory/password-hashing.ts";
import { issueSecret, readSecret } from "../../../daemon/directory/secrets.ts";
import { recordClaiming, Scrypt } from "./password-records.ts";
import { ADDRESS, ANONYMOUS, HOUR, LOCAL, openTestDirectory, PASSWORD, reasonOf } from "./test-directory.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("a login begins a session and says who it speaks for", async () => {
  const roster = await openTestDirectory();
  const user = await roster.user("ada", { password: PASSWORD, roles: ["viewer"] });
  let caller: Caller = ANONYMOUS;
  const params = { username: "ADA", password: PASSWORD };
  const answer = await roster.call(ANONYMOUS, "auth.login", params, (next) => {
    caller = next;
  });
  expect(answer.token).toMatch(/^rs_/);
  expect(answer.expiresAt).toBe("2026-01-31T12:00:00.000Z");
  expect(answer.principal).toEqual({
    kind: "session",
    userId: user.id,
    username: "ada",
    keyId: null,
    roles: ["viewer"],
    permissions: ["presence.read", "users.read"],
    mustChangePassword: false,
    reauthenticatedAt: roster.now,
  });
  expect(caller).toMatchObject({ kind: "session", address: ADDRESS });
  expect(await roster.call(caller, "auth.whoami", {})).toEqual(answer.principal);
});

test("a login shows in lastLoginAt and is no change of the user", async () => {
  const roster = await openTestDirectory();
  const before = await roster.user("ada", { password: PASSWORD });
  roster.advance(HOUR);
  await roster.login("ada");
  const { lastLoginAt, revision, updatedAt } = await roster.call(LOCAL, "users.get", { user: "ada" });
  expect({ lastLoginAt, revision, updatedAt }).toEqual({
    lastLoginAt: roster.now,
    revision: before.revision,
    updatedAt: before.updatedAt,
  });
  const [created] = await roster.entriesOf("session.created");
  expect(created).toMatchObject({ actor: { kind: "session", id: before.id, name: "ada", address: ADDRESS } });
});

test("whatever is wrong with a login, the answer is the same", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD });
  await roster.user("disabled", { password: PASSWORD, active: false });
  await roster.user("expired", { password: PASSWORD, validUntil: roster.now });
  await roster.user("keysonly");
  await roster.user("deleted", { password: PASSWORD });
  await roster.call(LOCAL, "users.delete", { user: "deleted" });
  const answers = new Set<string>();
  for (const [username, password] of [
    ["ada", "wrong"],
    ["nobody", PASSWORD],
    ["disabled", PASSWORD],
    ["expired", PASSWORD],
    ["keysonly", PASSWORD],
    ["deleted", PASSWORD],
  ] as const) {
    const call = roster.call(ANONYMOUS, "auth.login", { username, password });
    answers.add(JSON.stringify(await call.catch((error) => error.toObject())));
  }
  expect([...answers]).toEqual([
    '{"code":401,"message":"Wrong name, password, key or token","data":{"reason":"invalidCredentials"}}',
  ]);
});

test("a name typed at a failed login is written down only when it exists", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD });
  await reasonOf(roster.call(ANONYMOUS, "auth.login", { username: "my secret", password: "oops" }));
  await roster.settle();
  const other: Caller = { kind: "anonymous", address: "198.51.100.1" };
  await reasonOf(roster.call(other, "auth.login", { username: "ada", password: "oops" }));
  const failed = await roster.entriesOf("login.failed");
  expect(failed.map(({ subject, outcome }) => [subject?.name, outcome])).toEqual([
    [undefined, "failed"],
    ["ada", "failed"],
  ]);
  expect(JSON.stringify(roster.entries)).not.toMatch(/my secret|oops/);
});

test("a connection that speaks for somebody cannot log in again", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const key = await roster.key("ada");
  for (const by of [caller, key.caller, LOCAL]) {
    const login = roster.call(by, "auth.login", { username: "ada", password: PASSWORD });
    expect(await reasonOf(login)).toBe("invalidState");
    expect(await reasonOf(roster.call(by, "auth.loginWithKey", { key: key.secret }))).toBe("invalidState");
    expect(await reasonOf(roster.call(by, "auth.resume", { token: "rs_x" }))).toBe("invalidState");
  }
});

test("a key's logout leaves the key as it is", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const { caller, secret } = await roster.key("bot");
  let after: Caller = caller;
  await roster.call(caller, "auth.logout", {}, (next) => {
    after = next;
  });
  expect(after.kind).toBe("anonymous");
  await roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret });
});

test("a login with a key says what the key may, not what its owner may", async () => {
  const roster = await openTestDirectory();
  const user = await roster.user("bot", { type: "service", roles: ["operator"] });
  const { secret, key } = await roster.key("bot", ["users.read"]);
  const { principal } = await roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret });
  expect(principal).toEqual({
    kind: "key",
    userId: user.id,
    username: "bot",
    keyId: key.id,
    roles: ["operator"],
    permissions: ["users.read"],
    mustChangePassword: false,
    reauthenticatedAt: null,
  });
});

test("a wrong, mistyped, foreign, revoked or ownerless key gets the same answer", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  await roster.user("gone", { type: "service" });
  const revoked = await roster.key("bot");
  await roster.call(LOCAL, "keys.revoke", { id: revoked.key.id });
  const ownerless = await roster.key("gone");
  await roster.call(LOCAL, "users.disable", { user: "gone" });
  const typo = `${revoked.secret.slice(0, -1)}${revoked.secret.endsWith("0") ? "1" : "0"}`;
  for (const key of [revoked.secret, ownerless.secret, typo, "nonsense"]) {
    expect(await reasonOf(roster.call(ANONYMOUS, "auth.loginWithKey", { key }))).toBe("invalidCredentials");
  }
});

test("a bearer of an upgrade request is a session token or a key", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD });
  const { token } = await roster.call(ANONYMOUS, "auth.login", { username: "ada", password: PASSWORD });
  const { secret, key } = await roster.key("ada");
  const { auth } = roster.directory;
  expect(await auth.authenticateBearer(token, ADDRESS)).toMatchObject({ kind: "session", address: ADDRESS });
  expect(await auth.authenticateBearer(secret, ADDRESS)).toEqual({
    kind: "key",
    keyId: key.id,
    address: ADDRESS,
  });
  expect(await reasonOf(auth.authenticateBearer(`${token}x`, ADDRESS))).toBe("invalidCredentials");
});

test("a password proof renews sudo, a wrong one does not", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("root", ["admin"]);
  const create = () =>
    roster.call(caller, "users.create", { username: `u${Math.random()}`.replace(".", "") });
  roster.advance(15 * 60_000);
  await create();
  roster.advance(1);
  expect(await reasonOf(create())).toBe("reauthenticationRequired");
  const wrong = roster.call(caller, "auth.reauthenticate", { password: "wrong" });
  expect(await reasonOf(wrong)).toBe("invalidCredentials");
  expect(await reasonOf(create())).toBe("reauthenticationRequired");
  const { reauthenticatedAt } = await roster.call(caller, "auth.reauthenticate", { password: PASSWORD });
  expect(reauthenticatedAt).toBe(roster.now);
  await create();
});

test("a record at a lower cost is made anew at the next good login", async () => {
  const roster = await openTestDirectory({ scryptCost: defaultScryptCost });
  const { id } = await roster.user("ada");
  const weaker = await recordClaiming({ logN: 14, r: 8, p: 5 });
  await roster.store.transaction({ kind: "system", id: null, name: null, address: null }, async (tx) => {
    const user = await tx.user(id);
    if (user) tx.put("users", { ...user, passwordHash: weaker });
    tx.entry("user.passwordChanged", null);
  });
  const renewed = await recordClaiming(defaultScryptCost);
  vi.spyOn(Scrypt, "verify").mockResolvedValue(true);
  const kdf = vi.spyOn(Scrypt, "kdf").mockResolvedValue(Buffer.from(renewed, "base64"));
  await roster.login("ada");
  expect((await roster.store.user(id))?.passwordHash).toBe(renewed);
  await roster.login("ada");
  expect(kdf).toHaveBeenCalledTimes(1);
  expect(kdf).toHaveBeenCalledWith(PASSWORD, defaultScryptCost);
});

test("a password that is changed while its old one is being checked lets nobody in", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD });
  const [login] = await Promise.all([
    reasonOf(roster.call(ANONYMOUS, "auth.login", { username: "ada", password: PASSWORD })),
    roster.store.transaction({ kind: "local", id: null, name: null, address: null }, async (tx) => {
      const user = await tx.userByName("ada");
      if (!user) return;
      tx.put("users", { ...user, passwordHash: "another" });
      tx.entry("user.passwordChanged", null);
    }),
  ]);
  expect(login).toBe("invalidCredentials");
});

test("the public part of a secret is worth nothing without the rest", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD });
  const { token } = await roster.call(ANONYMOUS, "auth.login", { username: "ada", password: PASSWORD });
  const { secret } = await roster.key("ada");
  // Another secret under the same look-up part, with the checksum that belongs to it.
  const forge = (known: string, kind: "rk" | "rs") => {
    const body = known.slice(0, 16) + issueSecret(kind).secret.slice(16, -6);
    return body + checksumOf(body);
  };
  expect(readSecret("rk", forge(secret, "rk"))?.lookup).toBe(readSecret("rk", secret)?.lookup);
  expect(await reasonOf(roster.call(ANONYMOUS, "auth.loginWithKey", { key: forge(secret, "rk") }))).toBe(
    "invalidCredentials",
  );
  expect(await reasonOf(roster.call(ANONYMOUS, "auth.resume", { token: forge(token, "rs") }))).toBe(
    "invalidCredentials",
  );
});

/** Six base62 characters of CRC-32. */
function checksumOf(text: string): string {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const value = crc32(text);
  return [5, 4, 3, 2, 1, 0].map((place) => alphabet[Math.floor(value / 62 ** place) % 62]).join("");
}
