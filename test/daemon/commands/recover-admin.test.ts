import { expect, test } from "vitest";
import { recoverAdmin } from "../../../daemon/commands/recover-admin.ts";
import { readConfig } from "../../../daemon/config.ts";
import {
  ANONYMOUS,
  CHEAP_COST,
  HOUR,
  LOCAL,
  openTestDirectory,
  PASSWORD,
  type TestDirectory,
} from "../directory/test-directory.ts";
import { problemsIn } from "../store/json/used-directory.ts";

const { config: defaults } = readConfig([], "0.0.0-test", {});
const config = { ...defaults, password: { ...defaults.password, scrypt: CHEAP_COST } };

/** Runs the command on the stopped directory and starts it again; resolves with the password that was printed. */
async function recover(roster: TestDirectory, username: string, create = false): Promise<string> {
  await roster.store.close();
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const around = {
    config: { ...config, data: roster.path },
    now: () => Date.parse(roster.now),
    say,
    warn: say,
  };
  try {
    expect(await recoverAdmin(around, { username, create })).toBe(0);
  } finally {
    await roster.open();
  }
  expect(await problemsIn(roster.path)).toEqual([]);
  return said.at(-1) ?? "";
}

/** Logs in over the network with the password that was printed, and sets one of one's own. */
async function getIn(roster: TestDirectory, username: string, password: string) {
  const caller = await roster.login(username, password);
  const newPassword = "a quiet bicycle in the rain";
  await roster.call(caller, "users.changePassword", { currentPassword: password, newPassword });
  return roster.call(caller, "auth.whoami", {});
}

test("an administrator who forgot the password gets in again, and must change it", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada", ["admin"]);
  const password = await recover(roster, "ada");
  expect((await roster.store.userByName("ada"))?.mustChangePassword).toBe(true);
  await expect(roster.call(caller, "users.list", {})).rejects.toThrow("session has ended");
  await expect(
    roster.call(ANONYMOUS, "auth.login", { username: "ada", password: PASSWORD }),
  ).rejects.toThrow();
  expect((await getIn(roster, "ada", password)).permissions).toContain("system.manage");
});

test("whatever kept an account out keeps it out no longer: disabled, ended, locked, without role and password", async () => {
  const roster = await openTestDirectory();
  await roster.user("ben", { validUntil: new Date(Date.parse(roster.now) + HOUR).toISOString() });
  await roster.call(LOCAL, "users.disable", { user: "ben" });
  roster.advance(2 * HOUR);
  await roster.sweep();
  for (let guess = 0; guess < 6; guess++) {
    await expect(
      roster.call(ANONYMOUS, "auth.login", { username: "ben", password: "wrong" }),
    ).rejects.toThrow();
  }
  const me = await getIn(roster, "ben", await recover(roster, "ben"));
  expect(me.roles).toEqual(["admin"]);
  expect(await roster.store.userByName("ben")).toMatchObject({ active: true, validUntil: null });
});

test("a deleted account comes back, with its roles besides admin", async () => {
  const roster = await openTestDirectory();
  await roster.user("ben", { roles: ["viewer"] });
  await roster.call(LOCAL, "users.delete", { user: "ben" });
  expect((await getIn(roster, "ben", await recover(roster, "ben"))).roles).toEqual(["admin", "viewer"]);
});

test("a name that does not exist is not made by a slip: the administrators are named, and --create", async () => {
  const roster = await openTestDirectory();
  await roster.person("ada", ["admin"]);
  await expect(recover(roster, "adda")).rejects.toThrow(
    "There is no user adda. The administrators are ada. --create makes a new administrator",
  );
  expect(await roster.store.countUsers()).toBe(1);
  expect((await getIn(roster, "adda", await recover(roster, "adda", true))).roles).toEqual(["admin"]);
});

test("a service account is refused: it has no password", async () => {
  const roster = await openTestDirectory();
  await roster.user("farm", { type: "service" });
  await expect(recover(roster, "farm")).rejects.toThrow("service account");
});

test("it is in the audit, as the operator's", async () => {
  const roster = await openTestDirectory();
  await roster.user("ben");
  roster.advance(HOUR);
  const password = await recover(roster, "ben");
  const { items } = await roster.call(LOCAL, "audit.query", { subject: "ben", from: roster.now });
  expect(items.map(({ type, actor }) => [type, actor.kind, actor.name])).toEqual([
    ["user.passwordChanged", "local", "rosterd"],
    ["user.updated", "local", "rosterd"],
  ]);
  expect(JSON.stringify(items)).not.toContain(password);
});
