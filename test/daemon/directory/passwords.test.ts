import { expect, test } from "vitest";
import { ANONYMOUS, LOCAL, openTestDirectory, PASSWORD, reasonOf, refusalOf } from "./test-directory.ts";

const NEXT = "another good long password";

test("changing one's password ends the other sessions and keeps this one and the keys", async () => {
  const roster = await openTestDirectory();
  const { caller, user } = await roster.person("ada");
  const other = await roster.login("ada");
  const key = await roster.key("ada");
  roster.advance(1000);
  await roster.call(caller, "users.changePassword", { currentPassword: PASSWORD, newPassword: NEXT });
  expect(await roster.call(caller, "users.get", {})).toMatchObject({
    passwordChangedAt: roster.now,
    revision: 2,
  });
  await roster.call(key.caller, "auth.whoami", {});
  expect(await reasonOf(roster.call(other, "auth.whoami", {}))).toBe("sessionExpired");
  expect(await reasonOf(roster.login("ada", PASSWORD))).toBe("invalidCredentials");
  await roster.login("ada", NEXT);
  const [changed] = await roster.entriesOf("user.passwordChanged");
  expect(changed).toMatchObject({
    actor: { id: user.id },
    subject: { id: user.id },
    data: { user: { id: user.id } },
  });
  expect(await roster.entriesOf("session.ended")).toMatchObject([{ data: { reason: "passwordChanged" } }]);
});

test("the current password is needed, and a wrong one changes nothing", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const missing = await refusalOf(roster.call(caller, "users.changePassword", { newPassword: NEXT }));
  expect(missing).toMatchObject({ code: -32602, data: { issues: [{ path: ["currentPassword"] }] } });
  const wrong = { currentPassword: "wrong", newPassword: NEXT };
  expect(await reasonOf(roster.call(caller, "users.changePassword", wrong))).toBe("invalidCredentials");
  await roster.login("ada", PASSWORD);
});

test("the new password keeps to the policy and differs from the old one", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada", [], { fullName: "Ada Lovelace" });
  const problems = async (newPassword: string) => {
    const call = roster.call(caller, "users.changePassword", { currentPassword: PASSWORD, newPassword });
    return (await refusalOf(call)).data?.problems;
  };
  expect(await problems("ada lovelace ada")).toMatchObject([{ code: "personal" }]);
  expect(await problems(PASSWORD)).toMatchObject([{ code: "unchanged" }]);
});

test("of two changes at once that prove the same old password, one counts", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const change = (newPassword: string) =>
    roster.call(caller, "users.changePassword", { currentPassword: PASSWORD, newPassword });
  const answers = await Promise.allSettled([change(NEXT), change("yet another long password")]);
  expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const refused = answers.find((answer) => answer.status === "rejected");
  expect(refused?.reason).toMatchObject({ reason: "invalidCredentials" });
});

test("who must change the password can do that and nothing else, and then everything", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD, mustChangePassword: true, roles: ["admin"] });
  const caller = await roster.login("ada");
  expect(await roster.call(caller, "auth.whoami", {})).toMatchObject({ mustChangePassword: true });
  expect(await reasonOf(roster.call(caller, "users.get", {}))).toBe("passwordChangeRequired");
  expect(await reasonOf(roster.call(caller, "users.list", {}))).toBe("passwordChangeRequired");
  await roster.call(caller, "users.changePassword", { currentPassword: PASSWORD, newPassword: NEXT });
  expect(await roster.call(caller, "users.get", {})).toMatchObject({ mustChangePassword: false });
});

test("a key of somebody who must change the password works on", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD, mustChangePassword: true });
  const key = await roster.key("ada");
  await roster.call(key.caller, "users.get", {});
});

test("a reset ends all sessions, keeps the keys, and asks for a change at first use", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const key = await roster.key("ada");
  const { generatedPassword } = await roster.call(LOCAL, "users.resetPassword", {
    user: "ada",
    generate: true,
  });
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
  await roster.call(key.caller, "auth.whoami", {});
  const fresh = await roster.login("ada", generatedPassword);
  expect(await roster.call(fresh, "auth.whoami", {})).toMatchObject({ mustChangePassword: true });
});

test("a given password is not sent back, need not be changed if asked so, and keeps to the policy", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada");
  const params = { user: "ada", password: NEXT, mustChangePassword: false };
  expect(await roster.call(LOCAL, "users.resetPassword", params)).toEqual({});
  const caller = await roster.login("ada", NEXT);
  expect(await roster.call(caller, "auth.whoami", {})).toMatchObject({ mustChangePassword: false });
  const short = roster.call(LOCAL, "users.resetPassword", { user: "ada", password: "tiny-fox" });
  expect(await reasonOf(short)).toBe("passwordRejected");
});

test("an operator cannot take an administrator's account over by a reset", async () => {
  const roster = await openTestDirectory();
  await roster.user("root", { password: PASSWORD, roles: ["admin"] });
  const { caller } = await roster.person("op", ["operator"]);
  const reset = roster.call(caller, "users.resetPassword", { user: "root", generate: true });
  expect(await reasonOf(reset)).toBe("outranked");
});

test("no hash, salt or secret leaves in any answer or entry", async () => {
  const roster = await openTestDirectory();
  const { caller, user } = await roster.person("ada", ["admin"]);
  const made = await roster.call(caller, "keys.create", { name: "tool" });
  await roster.call(ANONYMOUS, "auth.loginWithKey", { key: made.secret });
  const rotated = await roster.call(caller, "keys.rotate", { id: made.key.id });
  await roster.call(caller, "users.changePassword", { currentPassword: PASSWORD, newPassword: NEXT });
  const reset = await roster.call(LOCAL, "users.resetPassword", { user: "ada", generate: true });
  await roster.settle();
  const shown = JSON.stringify([
    roster.entries,
    await roster.call(LOCAL, "users.get", { user: "ada" }),
    await roster.call(LOCAL, "keys.list", { user: "ada" }),
  ]);
  const record = await roster.store.user(user.id);
  const keys = await roster.store.keysOf(user.id);
  const canaries = [
    PASSWORD,
    NEXT,
    reset.generatedPassword,
    made.secret,
    rotated.secret,
    record?.passwordHash,
    ...keys.map((key) => key.hash),
  ];
  for (const canary of canaries) {
    expect(canary).toBeTruthy();
    expect(shown).not.toContain(canary);
  }
  expect(shown).not.toMatch(/"hash"|"passwordHash"|"lookup"/);
});
