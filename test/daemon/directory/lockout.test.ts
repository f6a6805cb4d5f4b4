import { expect, test } from "vitest";
import type { Caller } from "../../../daemon/directory/caller.ts";
import { createLockout } from "../../../daemon/directory/lockout.ts";
import { issueSecret } from "../../../daemon/directory/secrets.ts";
import type { Actor } from "../../../protocol/index.ts";
import {
  ADDRESS,
  ANONYMOUS,
  HOUR,
  LOCAL,
  openTestDirectory,
  PASSWORD,
  reasonOf,
  refusalOf,
  type TestDirectory,
} from "./test-directory.ts";

const ROOMY = { loginBudget: { perAddress: 10_000, overall: 10_000 } };
const ON_SOCKET: Caller = { kind: "anonymous", address: null };

function login(roster: TestDirectory, username: string, password: string, from: Caller = ANONYMOUS) {
  return roster.call(from, "auth.login", { username, password });
}

/** Fails until a delay runs, lets it pass, and so on; answers the delays in seconds. */
async function delays(roster: TestDirectory, username: string, failures: number): Promise<number[]> {
  const seconds: number[] = [];
  for (let count = 0; count < failures; count += 1) {
    expect(await reasonOf(login(roster, username, "wrong"))).toBe("invalidCredentials");
    const next = await refusalOf(login(roster, username, "wrong"));
    const ms = next.reason === "rateLimited" ? Number(next.data?.retryAfterMs) : 0;
    seconds.push(ms / 1000);
    if (ms === 0) count += 1;
    roster.advance(ms);
  }
  return seconds;
}

test("the delay grows from the third wrong password on, to 15 minutes and not beyond", async () => {
  const roster = await openTestDirectory(ROOMY);
  await roster.user("ada", { password: PASSWORD });
  const grown = [0, 1, 3, 5, 10, 30, 60, 120, 300, 600, 900, 900, 900];
  expect(await delays(roster, "ada", 14)).toEqual(grown);
});

test("names without an account are delayed alike", async () => {
  const roster = await openTestDirectory(ROOMY);
  expect(await delays(roster, "nobody", 8)).toEqual([0, 1, 3, 5, 10, 30, 60]);
});

test("invented names fill no memory: past 10,000 the oldest are forgotten", async () => {
  const { store, now } = await openTestDirectory();
  const lockout = createLockout({ store, now: () => now });
  const stranger: Actor = { kind: "anonymous", id: null, name: null, address: ADDRESS };
  const fail = (name: string) => lockout.failed(name, undefined, stranger);
  for (let count = 0; count < 3; count += 1) await fail("oldest");
  for (let number = 1; number < 10_000; number += 1) await fail(`name-${number}`);
  await expect(lockout.assertOpen("oldest", undefined)).rejects.toMatchObject({ reason: "rateLimited" });
  await fail("one too many");
  await lockout.assertOpen("oldest", undefined);
});

test("while a delay runs the right password is refused too, and after it it works and clears the count", async () => {
  const roster = await openTestDirectory(ROOMY);
  await roster.user("ada", { password: PASSWORD });
  for (let count = 0; count < 3; count += 1) await reasonOf(login(roster, "ada", "wrong"));
  expect(await reasonOf(login(roster, "ada", PASSWORD))).toBe("rateLimited");
  roster.advance(999);
  expect(await reasonOf(login(roster, "ada", PASSWORD))).toBe("rateLimited");
  roster.advance(1);
  await login(roster, "ada", PASSWORD);
  expect(await delays(roster, "ada", 3)).toEqual([0, 1]);
});

test("guesses sent side by side win nothing: past the third the right one is refused", async () => {
  const roster = await openTestDirectory(ROOMY);
  await roster.user("ada", { password: PASSWORD });
  const guesses = ["w1", "w2", "w3", "w4", PASSWORD].map((guess) => reasonOf(login(roster, "ada", guess)));
  const answers = await Promise.all(guesses);
  expect(answers.at(-1)).toBe("rateLimited");
  // Two are looked at side by side, in either order: a fourth may be under way when the third fails.
  expect(answers.filter((answer) => answer === "invalidCredentials").length).toBeOneOf([3, 4]);
});

test("of wrong passwords that fail in the same moment each counts", async () => {
  const roster = await openTestDirectory();
  const { id } = await roster.user("ada", { password: PASSWORD });
  const user = await roster.store.user(id);
  const lockout = createLockout({ store: roster.store, now: () => roster.now });
  const stranger: Actor = { kind: "anonymous", id: null, name: null, address: ADDRESS };
  await Promise.all([1, 2, 3].map(() => lockout.failed("ada", user, stranger)));
  await expect(lockout.assertOpen("ada", user)).rejects.toMatchObject({ reason: "rateLimited" });
});

test("a delay is seen on the user, is told of, and survives a restart", async () => {
  const roster = await openTestDirectory(ROOMY);
  const { id } = await roster.user("ada", { password: PASSWORD });
  await delays(roster, "ada", 7);
  await reasonOf(login(roster, "ada", "wrong"));
  const locked = await roster.entriesOf("user.locked");
  const { lockedUntil } = await roster.call(LOCAL, "users.get", { user: "ada" });
  expect(lockedUntil).toBe(new Date(Date.parse(roster.now) + 60_000).toISOString());
  expect(locked.at(-1)).toMatchObject({ subject: { id }, data: { user: { lockedUntil } } });
  await roster.restart();
  expect(await reasonOf(login(roster, "ada", PASSWORD))).toBe("rateLimited");
  roster.advance(60_000);
  await login(roster, "ada", PASSWORD);
  expect((await roster.call(LOCAL, "users.get", { user: "ada" })).lockedUntil).toBeNull();
  expect(await roster.store.lockout(id)).toBeUndefined();
});

test("a stored delay is never longer than the longest one from now, whatever the clock did", async () => {
  const roster = await openTestDirectory(ROOMY);
  await roster.user("ada", { password: PASSWORD });
  await delays(roster, "ada", 14);
  await reasonOf(login(roster, "ada", "wrong"));
  await roster.settle();
  await roster.restart();
  roster.advance(-24 * HOUR);
  const error = await refusalOf(login(roster, "ada", PASSWORD));
  expect(error.data?.retryAfterMs).toBe(900_000);
});

test("on the Unix socket nobody is locked out, and nothing is counted", async () => {
  const roster = await openTestDirectory({ loginBudget: { perAddress: 1, overall: 1 } });
  await roster.user("ada", { password: PASSWORD });
  for (let count = 0; count < 20; count += 1) {
    expect(await reasonOf(login(roster, "ada", "wrong", ON_SOCKET))).toBe("invalidCredentials");
  }
  await login(roster, "ada", PASSWORD, ON_SOCKET);
  await login(roster, "ada", PASSWORD);
});

test("a stolen session cannot be used to guess the password", async () => {
  const roster = await openTestDirectory(ROOMY);
  const { caller } = await roster.person("ada");
  const guess = () => roster.call(caller, "auth.reauthenticate", { password: "wrong" });
  for (let count = 0; count < 3; count += 1) expect(await reasonOf(guess())).toBe("invalidCredentials");
  expect(await reasonOf(guess())).toBe("rateLimited");
  const change = { currentPassword: PASSWORD, newPassword: "another good long password" };
  expect(await reasonOf(roster.call(caller, "users.changePassword", change))).toBe("rateLimited");
});

test("a new password set by an administrator ends the delay", async () => {
  const roster = await openTestDirectory(ROOMY);
  await roster.user("ada", { password: PASSWORD });
  await delays(roster, "ada", 7);
  await reasonOf(login(roster, "ada", "wrong"));
  const password = "another good long password";
  await roster.call(LOCAL, "users.resetPassword", { user: "ada", password });
  await login(roster, "ada", password);
});

test("an address has a budget of failures, whatever names and keys it tries; good logins cost nothing", async () => {
  const roster = await openTestDirectory({ loginBudget: { perAddress: 5, overall: 100 } });
  await roster.user("ada", { password: PASSWORD });
  const unknownKey = () => roster.call(ANONYMOUS, "auth.loginWithKey", { key: issueSecret("rk").secret });
  for (let count = 0; count < 10; count += 1) await login(roster, "ada", PASSWORD);
  for (const name of ["a", "b", "c"]) await reasonOf(login(roster, name, "wrong"));
  expect(await reasonOf(unknownKey())).toBe("invalidCredentials");
  const token = issueSecret("rs").secret;
  expect(await reasonOf(roster.call(ANONYMOUS, "auth.resume", { token }))).toBe("invalidCredentials");

  const spent = await refusalOf(login(roster, "ada", PASSWORD));
  expect(spent).toMatchObject({ code: 429, reason: "rateLimited" });
  expect(spent.data?.retryAfterMs).toBeGreaterThan(0);
  expect(await reasonOf(unknownKey())).toBe("rateLimited");
  expect(await reasonOf(roster.call(ANONYMOUS, "auth.resume", { token }))).toBe("rateLimited");
  await login(roster, "ada", PASSWORD, { kind: "anonymous", address: "198.51.100.1" });
});

test("good keys and tokens work whatever their address has spent", async () => {
  const roster = await openTestDirectory({ loginBudget: { perAddress: 1, overall: 1 } });
  await roster.user("ada", { password: PASSWORD });
  const { token } = await login(roster, "ada", PASSWORD);
  const { secret } = await roster.key("ada");
  await reasonOf(login(roster, "nobody", "wrong"));
  expect(await reasonOf(login(roster, "ada", PASSWORD))).toBe("rateLimited");
  await roster.call(ANONYMOUS, "auth.resume", { token });
  await roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret });
});

test("a tool that goes on presenting a revoked key does not lock its neighbours out", async () => {
  const roster = await openTestDirectory({ loginBudget: { perAddress: 2, overall: 2 } });
  await roster.user("ada", { password: PASSWORD });
  const { secret, key } = await roster.key("ada");
  await roster.call(LOCAL, "keys.revoke", { id: key.id });
  for (let count = 0; count < 5; count += 1) {
    const present = roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret });
    expect(await reasonOf(present)).toBe("invalidCredentials");
  }
  await login(roster, "ada", PASSWORD);
});

test("a mistyped key costs no budget", async () => {
  const roster = await openTestDirectory({ loginBudget: { perAddress: 1, overall: 1 } });
  await roster.user("ada", { password: PASSWORD });
  const { secret } = await roster.key("ada");
  for (let count = 0; count < 5; count += 1) {
    await reasonOf(roster.call(ANONYMOUS, "auth.loginWithKey", { key: `${secret}x` }));
  }
  await login(roster, "ada", PASSWORD);
});

test("one IPv6 host cannot spread its guesses over its own network", async () => {
  const roster = await openTestDirectory({ loginBudget: { perAddress: 2, overall: 100 } });
  await roster.user("ada", { password: PASSWORD });
  const from = (address: string): Caller => ({ kind: "anonymous", address });
  await reasonOf(login(roster, "a", "wrong", from("2001:db8:1:2::1")));
  await reasonOf(login(roster, "b", "wrong", from("2001:db8:1:2:ffff::2")));
  expect(await reasonOf(login(roster, "ada", PASSWORD, from("2001:db8:1:2::3")))).toBe("rateLimited");
  await login(roster, "ada", PASSWORD, from("2001:db8:1:3::1"));
});

test("all addresses together have a budget", async () => {
  const roster = await openTestDirectory({ loginBudget: { perAddress: 100, overall: 3 } });
  await roster.user("ada", { password: PASSWORD });
  for (const host of [1, 2, 3]) {
    await reasonOf(login(roster, `n${host}`, "wrong", { kind: "anonymous", address: `192.0.2.${host}` }));
  }
  const last = login(roster, "ada", PASSWORD, { kind: "anonymous", address: "198.51.100.9" });
  expect(await reasonOf(last)).toBe("rateLimited");
});
