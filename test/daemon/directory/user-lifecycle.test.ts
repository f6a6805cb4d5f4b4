import { expect, test } from "vitest";
import { LOCAL, openTestDirectory, PASSWORD, reasonOf } from "./test-directory.ts";

test("a disabled user is shut out on open connections, keys too, and comes back with the keys alone", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const key = await roster.key("ada");
  const disabled = await roster.call(LOCAL, "users.disable", { user: "ada" });
  expect(disabled).toMatchObject({ active: false, revision: 2 });
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
  expect(await reasonOf(roster.call(key.caller, "auth.whoami", {}))).toBe("unauthenticated");
  expect(await reasonOf(roster.login("ada"))).toBe("invalidCredentials");

  await roster.call(LOCAL, "users.enable", { user: "ada" });
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
  await roster.call(key.caller, "auth.whoami", {});
  await roster.login("ada");
  const told = await roster.entriesOf("user.disabled", "user.enabled", "session.ended");
  expect(told.map(({ type, data }) => [type, data.changed ?? data.reason])).toEqual([
    ["user.disabled", ["active"]],
    ["session.ended", "userDisabled"],
    ["user.enabled", ["active"]],
  ]);
});

test("an update that disables does the same, and tells it apart from the other fields", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  await roster.call(LOCAL, "users.update", { user: "ada", changes: { active: false, fullName: "Ada" } });
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
  const told = await roster.entriesOf("user.disabled", "user.updated");
  expect(told.map(({ type, data }) => [type, data.changed])).toEqual([
    ["user.updated", ["fullName"]],
    ["user.disabled", ["active"]],
  ]);
});

test("a deleted user is out for good: sessions end, keys are revoked, one line says it all", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada", ["viewer"]);
  const key = await roster.key("ada");
  const deleted = await roster.call(LOCAL, "users.delete", { user: "ada" });
  expect(deleted).toMatchObject({ deletedAt: roster.now, activeKeys: 0, roles: ["viewer"] });
  expect(await reasonOf(roster.call(caller, "auth.whoami", {}))).toBe("sessionExpired");
  expect(await reasonOf(roster.call(key.caller, "auth.whoami", {}))).toBe("unauthenticated");
  expect(await roster.call(LOCAL, "keys.get", { id: key.key.id })).toMatchObject({ status: "revoked" });
  const told = await roster.entriesOf("user.deleted", "key.revoked", "session.ended");
  expect(told.map(({ type }) => type)).toEqual(["session.ended", "key.revoked", "user.deleted"]);
  const roles = await roster.call(LOCAL, "roles.list", {});
  expect(roles.items.find(({ name }) => name === "viewer")?.assigned).toBe(1);
});

test("a deleted user can be seen, and takes part in nothing else", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada");
  await roster.call(LOCAL, "users.delete", { user: "ada" });
  expect(await roster.call(LOCAL, "users.get", { user: "ada" })).toMatchObject({ deletedAt: roster.now });
  for (const call of [
    roster.call(LOCAL, "users.update", { user: "ada", changes: { fullName: "x" } }),
    roster.call(LOCAL, "users.enable", { user: "ada" }),
    roster.call(LOCAL, "users.disable", { user: "ada" }),
    roster.call(LOCAL, "users.delete", { user: "ada" }),
    roster.call(LOCAL, "users.unlock", { user: "ada" }),
    roster.call(LOCAL, "users.resetPassword", { user: "ada", generate: true }),
    roster.call(LOCAL, "keys.create", { user: "ada", name: "t" }),
    roster.call(LOCAL, "keys.list", { user: "ada" }),
    roster.call(LOCAL, "keys.revokeAll", { user: "ada" }),
    roster.call(LOCAL, "settings.get", { user: "ada" }),
    roster.call(LOCAL, "settings.save", { user: "ada", settings: {} }),
    roster.call(LOCAL, "settings.reset", { user: "ada" }),
  ]) {
    expect(await reasonOf(call)).toBe("notFound");
  }
});

test("nobody disables or deletes their own account, by session or by key", async () => {
  const roster = await openTestDirectory();
  await roster.user("root", { password: PASSWORD, roles: ["admin"] });
  const { caller } = await roster.person("second", ["admin"]);
  const key = await roster.key("second");
  for (const by of [caller, key.caller]) {
    expect(await reasonOf(roster.call(by, "users.disable", { user: "second" }))).toBe("ownAccount");
    expect(await reasonOf(roster.call(by, "users.delete", { user: "second" }))).toBe("ownAccount");
    const update = roster.call(by, "users.update", { changes: { active: false } });
    expect(await reasonOf(update)).toBe("ownAccount");
  }
});

test("there is always an administrator: active, normal, with a password and without an end", async () => {
  const roster = await openTestDirectory();
  await roster.user("root", { password: PASSWORD, roles: ["admin"] });
  // None of these could stand in for the only administrator.
  await roster.user("a", { password: PASSWORD, roles: ["admin"], active: false });
  await roster.user("b", { password: PASSWORD, roles: ["admin"], validUntil: "2027-01-01T00:00:00.000Z" });
  await roster.user("c", { roles: ["admin"] });
  await roster.user("d", { type: "service", roles: ["admin"] });
  await roster.user("e", { password: PASSWORD, roles: ["admin"] });
  await roster.call(LOCAL, "users.delete", { user: "e" });
  for (const call of [
    roster.call(LOCAL, "users.disable", { user: "root" }),
    roster.call(LOCAL, "users.delete", { user: "root" }),
    roster.call(LOCAL, "users.update", { user: "root", changes: { active: false } }),
    roster.call(LOCAL, "users.update", { user: "root", changes: { roles: ["operator"] } }),
    roster.call(LOCAL, "users.update", { user: "root", changes: { validUntil: "2027-01-01T00:00:00.000Z" } }),
  ]) {
    expect(await reasonOf(call)).toBe("lastAdministrator");
  }
  await roster.call(LOCAL, "users.update", { user: "root", changes: { fullName: "Root" } });
  await roster.call(LOCAL, "users.enable", { user: "a" });
  await roster.call(LOCAL, "users.disable", { user: "root" });
});

test("two demotions at once leave one administrator", async () => {
  const roster = await openTestDirectory();
  const one = await roster.person("one", ["admin"]);
  const two = await roster.person("two", ["admin"]);
  const answers = await Promise.all([
    roster
      .call(one.caller, "users.update", { user: "two", changes: { roles: [] } })
      .catch((error) => error.reason),
    roster
      .call(two.caller, "users.update", { user: "one", changes: { roles: [] } })
      .catch((error) => error.reason),
  ]);
  // The second to run has lost its permission inside the transaction already.
  expect(answers.filter((answer) => answer === "forbidden")).toHaveLength(1);
  const byOperator = await openTestDirectory();
  for (const name of ["one", "two"]) await byOperator.user(name, { password: PASSWORD, roles: ["admin"] });
  const demoted = await Promise.all(
    ["one", "two"].map((user) =>
      byOperator.call(LOCAL, "users.update", { user, changes: { roles: [] } }).catch((error) => error.reason),
    ),
  );
  expect(demoted.filter((answer) => answer === "lastAdministrator")).toHaveLength(1);
});

test("an operator cannot change, disable or promote to what outranks the operator", async () => {
  const roster = await openTestDirectory();
  await roster.user("root", { password: PASSWORD, roles: ["admin"] });
  await roster.user("spare", { password: PASSWORD, roles: ["admin"] });
  await roster.user("bob", { roles: ["viewer"] });
  const { caller } = await roster.person("op", ["operator"]);
  for (const call of [
    roster.call(caller, "users.update", { user: "root", changes: { fullName: "x" } }),
    roster.call(caller, "users.disable", { user: "root" }),
    roster.call(caller, "users.enable", { user: "root" }),
    roster.call(caller, "users.update", { user: "bob", changes: { roles: ["admin"] } }),
    roster.call(caller, "users.update", { user: "op", changes: { roles: ["admin"] } }),
    roster.call(caller, "users.create", { username: "new", roles: ["admin"] }),
    roster.call(caller, "settings.save", { user: "root", settings: { x: 1 } }),
    roster.call(caller, "settings.reset", { user: "root" }),
  ]) {
    expect(await reasonOf(call)).toBe("outranked");
  }
  await roster.call(caller, "users.update", { user: "bob", changes: { roles: ["operator"] } });
});

test("a key ranks by its own list, not by its owner's roles", async () => {
  const roster = await openTestDirectory();
  await roster.user("root", { password: PASSWORD, roles: ["admin"] });
  await roster.user("bob", { roles: ["viewer"] });
  const narrow = await roster.key("root", ["users.update"]);
  const fit = await roster.key("root", ["users.update", "users.read", "presence.read"]);
  const update = { user: "bob", changes: { fullName: "Bob" } };
  expect(await reasonOf(roster.call(narrow.caller, "users.update", update))).toBe("outranked");
  await roster.call(fit.caller, "users.update", update);
  const promote = { user: "bob", changes: { roles: ["operator"] } };
  expect(await reasonOf(roster.call(fit.caller, "users.update", promote))).toBe("outranked");
});

test("lost rights bind the next request of a session that is open", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada", ["viewer"]);
  await roster.call(caller, "users.list", {});
  await roster.call(LOCAL, "users.update", { user: "ada", changes: { roles: [] } });
  expect(await reasonOf(roster.call(caller, "users.list", {}))).toBe("forbidden");
});

test("an unlocked user need not wait, and it is told once", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD });
  for (let count = 0; count < 5; count += 1) await reasonOf(roster.login("ada", "wrong"));
  expect(await reasonOf(roster.login("ada"))).toBe("rateLimited");
  await roster.settle();
  expect((await roster.call(LOCAL, "users.get", { user: "ada" })).lockedUntil).not.toBeNull();
  const unlocked = await roster.call(LOCAL, "users.unlock", { user: "ada" });
  expect(unlocked).toMatchObject({ lockedUntil: null, revision: 1 });
  expect(await roster.call(LOCAL, "users.unlock", { user: "ada" })).toEqual(unlocked);
  await roster.login("ada");
  const told = await roster.entriesOf("user.locked", "user.unlocked");
  expect(told.map(({ type }) => type)).toEqual([
    ...Array(told.length - 1).fill("user.locked"),
    "user.unlocked",
  ]);
  expect(told.at(-1)).toMatchObject({ subject: { name: "ada" }, data: { user: { lockedUntil: null } } });
});

test("an unlock outlives a restart, and wants rank", async () => {
  const roster = await openTestDirectory();
  await roster.user("root", { password: PASSWORD, roles: ["admin"] });
  const { caller } = await roster.person("op", ["operator"]);
  for (let count = 0; count < 5; count += 1) await reasonOf(roster.login("root", "wrong"));
  await roster.settle();
  expect(await reasonOf(roster.call(caller, "users.unlock", { user: "root" }))).toBe("outranked");
  await roster.call(LOCAL, "users.unlock", { user: "root" });
  await roster.restart();
  await roster.login("root");
});

test("a service account works with keys only", async () => {
  const roster = await openTestDirectory();
  const given = [{ password: PASSWORD }, { generatePassword: true }, { mustChangePassword: true }];
  for (const fields of given) {
    const create = roster.call(LOCAL, "users.create", { username: "bot", type: "service", ...fields });
    expect(await reasonOf(create)).toBe(-32602);
  }
  const bot = await roster.user("bot", { type: "service", roles: ["viewer"] });
  expect(bot).toMatchObject({ type: "service", hasPassword: false, mustChangePassword: false });
  const reset = roster.call(LOCAL, "users.resetPassword", { user: "bot", password: PASSWORD });
  expect(await reasonOf(reset)).toBe("invalidState");
  const force = { user: "bot", changes: { mustChangePassword: true } };
  expect(await reasonOf(roster.call(LOCAL, "users.update", force))).toBe("invalidState");
  expect(await reasonOf(roster.login("bot"))).toBe("invalidCredentials");
  const { caller } = await roster.key("bot");
  await roster.call(caller, "users.list", {});
  const change = roster.call(caller, "users.changePassword", { newPassword: PASSWORD });
  expect(await reasonOf(change)).toBe("forbidden");
});
