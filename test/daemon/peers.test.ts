import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Params, User } from "../../protocol/index.ts";
import type { RawClient } from "./raw-client.ts";
import { startTestDaemon, type TestDaemon } from "./start-daemon.ts";

// Whoever comes from OctoPrint, Dandelion or Erizos Studio finds what they had there, and none of its traps.

const password = "correct horse battery staple";
const other = "a different battery and staple";

interface Team {
  daemon: TestDaemon;
  operator: RawClient;
  add(username: string, fields?: Partial<Params<"users.create">>): Promise<User>;
  logIn(username: string, with_?: string): Promise<RawClient>;
}

/** A daemon with the administrator `root` and `ada`, who has no role. */
async function openTeam(): Promise<Team> {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const team: Team = {
    daemon,
    operator,
    async add(username, fields = {}) {
      const params = { username, password, mustChangePassword: false, ...fields };
      return (await operator.call("users.create", params)).user;
    },
    async logIn(username, with_ = password) {
      const client = await daemon.stranger();
      await client.call("auth.login", { username, password: with_ });
      return client;
    },
  };
  await team.add("root", { roles: ["admin"] });
  await team.add("ada");
  return team;
}

const refused = (code: number, reason?: string) => ({ code, ...(reason && { data: { reason } }) });

describe("OctoPrint", () => {
  test("get: oneself or who may; a stranger learns nothing about existence", async () => {
    const { logIn } = await openTeam();
    const [ada, root] = [await logIn("ada"), await logIn("root")];
    expect(await ada.call("users.get", { user: "ada" })).toMatchObject({ username: "ada" });
    for (const user of ["root", "nobody"]) {
      await expect(ada.call("users.get", { user })).rejects.toMatchObject(refused(403, "forbidden"));
    }
    await expect(root.call("users.get", { user: "nobody" })).rejects.toMatchObject(refused(404, "notFound"));
  });

  test("list: everybody, for who may", async () => {
    const { logIn } = await openTeam();
    const { items } = await (await logIn("root")).call("users.list", {});
    expect(items.map(({ username }) => username)).toEqual(["ada", "root"]);
    await expect((await logIn("ada")).call("users.list", {})).rejects.toMatchObject(refused(403));
  });

  test("add: a taken name is 409, a blank or untrimmed one no name; without roles it has none", async () => {
    const { logIn } = await openTeam();
    const root = await logIn("root");
    for (const username of ["ada", "ADA"]) {
      await expect(root.call("users.create", { username })).rejects.toMatchObject(refused(409));
    }
    for (const username of ["", " ", " ben", "ben ", "b en"]) {
      await expect(root.call("users.create", { username })).rejects.toMatchObject(refused(-32602));
    }
    const { user } = await root.call("users.create", { username: "ben" });
    expect(user).toMatchObject({ roles: [], active: true, hasPassword: false });
  });

  test("update: what is left out stays", async () => {
    const { logIn, add } = await openTeam();
    await add("ben", { roles: ["operator"], fullName: "Ben", presence: false });
    const root = await logIn("root");
    const changed = await root.call("users.update", { user: "ben", changes: { fullName: "Benjamin" } });
    expect(changed).toMatchObject({
      fullName: "Benjamin",
      active: true,
      roles: ["operator"],
      presence: false,
    });
  });

  test("delete and update: nobody removes or disables themselves, nor the only administrator", async () => {
    const { logIn, operator } = await openTeam();
    const root = await logIn("root");
    const own = refused(409, "ownAccount");
    await expect(root.call("users.delete", { user: "root" })).rejects.toMatchObject(own);
    await expect(root.call("users.disable", { user: "root" })).rejects.toMatchObject(own);
    const last = refused(409, "lastAdministrator");
    for (const call of [
      root.call("users.update", { changes: { roles: [] } }),
      operator.call("users.disable", { user: "root" }),
      operator.call("users.delete", { user: "root" }),
      operator.call("users.update", { user: "root", changes: { active: false } }),
    ]) {
      await expect(call).rejects.toMatchObject(last);
    }
  });

  test("changePassword: one's own with the current one; the change ends the other sessions", async () => {
    const { daemon, logIn } = await openTeam();
    const [here, elsewhere] = [await logIn("ada"), await logIn("ada")];
    const change = (currentPassword?: string) =>
      here.call("users.changePassword", {
        ...(currentPassword !== undefined && { currentPassword }),
        newPassword: other,
      });
    await expect(change()).rejects.toMatchObject(refused(-32602));
    await expect(change("wrong")).rejects.toMatchObject(refused(401, "invalidCredentials"));
    await change(password);
    await expect(elsewhere.call("auth.whoami", {})).rejects.toMatchObject(refused(401, "sessionExpired"));
    await daemon.check();
    expect(await elsewhere.closed).toMatchObject({ code: 4401 });
    expect(await here.call("auth.whoami", {})).toMatchObject({ username: "ada" });
    await logIn("ada", other);
  });

  test("generateApiKey: the old key works on until its grace ends; no secret lies on the disk", async () => {
    const { daemon, logIn } = await openTeam();
    const ada = await logIn("ada");
    const first = await ada.call("keys.create", { name: "slicer" });
    const second = await ada.call("keys.rotate", { id: first.key.id, graceSeconds: 60 });
    for (const { secret } of [first, second]) {
      expect(await (await daemon.bearer(secret)).call("auth.whoami", {})).toMatchObject({ username: "ada" });
    }
    daemon.clock.jump(60_000);
    await expect(daemon.bearer(first.secret)).rejects.toThrow("401");
    await daemon.stop();
    for (const name of await readdir(daemon.directory, { recursive: true })) {
      if (!/\.jsonl?$/.test(name)) continue;
      const text = await readFile(join(daemon.directory, name), "utf8");
      for (const { secret } of [first, second]) expect(text).not.toContain(secret);
    }
  });

  test("resetApiKey: a key is taken back, at once and for open connections too", async () => {
    const { daemon, logIn } = await openTeam();
    const ada = await logIn("ada");
    const { key, secret } = await ada.call("keys.create", { name: "slicer" });
    const slicer = await daemon.bearer(secret);
    await ada.call("keys.revoke", { id: key.id });
    await expect(slicer.call("auth.whoami", {})).rejects.toMatchObject(refused(401));
    await expect(daemon.bearer(secret)).rejects.toThrow("401");
  });

  test("saveSettings: merged deeply, and null deletes", async () => {
    const { logIn } = await openTeam();
    const ada = await logIn("ada");
    const save = (settings: Params<"settings.save">["settings"]) => ada.call("settings.save", { settings });
    await save({ plugins: { camera: { on: true, rotate: 90 } } });
    await save({ plugins: { camera: { rotate: 180 }, timelapse: {} } });
    const { settings } = await save({ plugins: { camera: { on: null } } });
    expect(settings).toMatchObject({ plugins: { camera: { rotate: 180 }, timelapse: {} } });
    expect(await ada.call("settings.get", { namespace: "plugins" })).toMatchObject({
      settings: { camera: { rotate: 180 } },
    });
  });

  test("a missing file of users opens no first-run wizard: the daemon refuses to start", async () => {
    const { daemon } = await openTeam();
    await daemon.stop();
    await rm(join(daemon.directory, "users.json"));
    const again = startTestDaemon({ config: { data: daemon.directory } });
    await expect(again).rejects.toThrow("users.json: it is missing");
  });
});

describe("Dandelion", () => {
  test("resetpassword: one's own wants the old one, and nobody's is meant by leaving the user out", async () => {
    const { logIn, operator } = await openTeam();
    const ada = await logIn("ada");
    const reset = { user: "ada", password: other };
    await expect(ada.call("users.resetPassword", reset)).rejects.toMatchObject(refused(403));
    const nobody = { password: other } as Params<"users.resetPassword">;
    await expect(operator.call("users.resetPassword", nobody)).rejects.toMatchObject(refused(-32602));
  });

  test("create: the daemon itself has the first password changed before anything else", async () => {
    const { operator, logIn } = await openTeam();
    await operator.call("users.create", { username: "new", password, roles: ["admin"] });
    const client = await logIn("new");
    for (const call of [client.call("users.list", {}), client.call("keys.create", { name: "way round" })]) {
      await expect(call).rejects.toMatchObject(refused(428, "passwordChangeRequired"));
    }
    await client.call("users.changePassword", { currentPassword: password, newPassword: other });
    expect((await client.call("users.list", {})).total).toBe(3);
  });

  test("edit: a change can be asked for again, and taken back; a theme can be put back", async () => {
    const { operator, logIn } = await openTeam();
    const ada = await logIn("ada");
    const update = (changes: Params<"users.update">["changes"]) =>
      operator.call("users.update", { user: "ada", changes });
    await update({ mustChangePassword: true });
    await expect(ada.call("users.get", {})).rejects.toMatchObject(refused(428));
    expect(await update({ mustChangePassword: false })).toMatchObject({ mustChangePassword: false });
    expect(await ada.call("users.get", {})).toMatchObject({ username: "ada" });
    await ada.call("users.update", { changes: { theme: "halloween", fullName: "Ada" } });
    const back = await ada.call("users.update", { changes: { theme: "default", fullName: "" } });
    expect(back).toMatchObject({ theme: "default", fullName: "" });
  });

  test("the guard of the last administrator holds by name and by id, and lets go once there is another", async () => {
    const { operator, add } = await openTeam();
    const { id } = await operator.call("users.get", { user: "root" });
    for (const user of ["root", "ROOT", id]) {
      const demotion = operator.call("users.update", { user, changes: { roles: ["viewer"] } });
      await expect(demotion).rejects.toMatchObject(refused(409, "lastAdministrator"));
    }
    expect(await operator.call("users.get", { user: "root" })).toMatchObject({ roles: ["admin"] });
    await add("heir", { roles: ["admin"] });
    await operator.call("users.update", { user: "root", changes: { roles: ["viewer"] } });
  });

  test("who is disabled fails logins and keys, and leaves the board", async () => {
    const { daemon, operator, logIn } = await openTeam();
    const ada = await logIn("ada");
    const { secret } = await ada.call("keys.create", { name: "phone" });
    const phone = await daemon.bearer(secret);
    await operator.call("users.disable", { user: "ada" });
    await expect(logIn("ada")).rejects.toMatchObject(refused(401, "invalidCredentials"));
    await expect(daemon.bearer(secret)).rejects.toThrow("401");
    for (const client of [ada, phone]) {
      await expect(client.call("users.get", {})).rejects.toMatchObject(refused(401));
    }
    const { items } = await operator.call("presence.list", {});
    expect(items.map(({ username }) => username)).toEqual(["root"]);
  });

  test("getuser: without a user it is oneself", async () => {
    const { logIn } = await openTeam();
    expect(await (await logIn("ada")).call("users.get", {})).toMatchObject({ username: "ada" });
  });

  test("creating, editing and deleting are separate rights; an assigned role is not deleted", async () => {
    const { operator, add, logIn } = await openTeam();
    const deeds = {
      "users.create": (client: RawClient) => client.call("users.create", { username: "made" }),
      "users.update": (client: RawClient) =>
        client.call("users.update", { user: "made", changes: { fullName: "Made" } }),
      "users.delete": (client: RawClient) => client.call("users.delete", { user: "made" }),
    };
    const rights = ["users.create", "users.update", "users.delete"] as const;
    for (const right of rights) {
      await operator.call("roles.create", { name: right, permissions: [right] });
      await add(`may-${right}`, { roles: [right] });
      const client = await logIn(`may-${right}`);
      for (const deed of rights) {
        if (deed === right) await deeds[deed](client);
        else await expect(deeds[deed](client)).rejects.toMatchObject(refused(403, "forbidden"));
      }
    }
    await expect(operator.call("roles.delete", { name: "users.create" })).rejects.toMatchObject({
      code: 409,
      data: { reason: "inUse", count: 1 },
    });
  });

  test("Ĉeesto: status, message and return time; without any one is available; others' need the right", async () => {
    const { operator, add, logIn } = await openTeam();
    await add("hidden", { presence: false });
    const ada = await logIn("ada");
    const returnAt = "2026-03-02T09:00:00.000Z";
    await ada.call("presence.set", { status: "Out Sick", message: "Tea", returnAt });
    expect(await operator.call("presence.list", {})).toMatchObject({
      total: 2,
      items: [{ username: "ada", status: "Out Sick", message: "Tea", returnAt }, { username: "root" }],
    });
    expect(await ada.call("presence.clear", {})).toMatchObject({ status: "Available", message: "" });
    const others = ada.call("presence.set", { user: "root", status: "Vacation" });
    await expect(others).rejects.toMatchObject(refused(403));
    await expect(ada.call("presence.set", { status: "Gone fishing" })).rejects.toMatchObject(refused(-32602));
  });
});

describe("Erizos Studio", () => {
  test("users are read, changed and deleted by id or by name", async () => {
    const { logIn, add } = await openTeam();
    const root = await logIn("root");
    for (const by of ["id", "username"] as const) {
      const user = (await add(`ed-by-${by.toLowerCase()}`))[by];
      expect(await root.call("users.get", { user })).toMatchObject({ type: "normal" });
      await root.call("users.update", { user, changes: { fullName: "Ed" } });
      expect(await root.call("users.delete", { user })).toMatchObject({ fullName: "Ed" });
      expect((await root.call("users.list", {})).total).toBe(2);
    }
  });

  test("a user has several roles and holds what all of them permit", async () => {
    const { operator, add, logIn } = await openTeam();
    await operator.call("roles.create", { name: "editor", permissions: ["studio:edit"] });
    await add("ed", { roles: ["designer", "editor"] });
    const me = await (await logIn("ed")).call("auth.whoami", {});
    expect(me.roles).toEqual(["designer", "editor"]);
    expect(me.permissions).toEqual(["presence.read", "studio:edit", "users.read"]);
  });

  test("settings begin as studio and browse, and their reset answers the user", async () => {
    const { logIn } = await openTeam();
    const ada = await logIn("ada");
    const settings = { studio: {}, browse: {} };
    expect(await ada.call("users.get", {})).toMatchObject({ settings });
    await ada.call("settings.save", { settings: { studio: { grid: 5 }, more: 1 } });
    const reset = await ada.call("settings.reset", {});
    expect(reset).toMatchObject({ username: "ada", settings });
    expect(reset.settings).toEqual(settings);
  });

  test("an update with the whole object is told which fields cannot be changed, and changes nothing", async () => {
    const { operator } = await openTeam();
    const whole = await operator.call("users.get", { user: "ada" });
    const changes = { ...whole, fullName: "Ada" } as Params<"users.update">["changes"];
    const error = await operator.call("users.update", { user: "ada", changes }).then(
      () => null,
      (refusal) => refusal,
    );
    expect(error).toMatchObject(refused(-32602));
    for (const field of ["id", "createdAt", "updatedAt", "revision"]) expect(error.message).toContain(field);
    expect((await operator.call("users.get", { user: "ada" })).fullName).toBe("");
  });
});

describe("what people ask of all three and do not get", () => {
  test("users that only keys can use, and keys that may do less than their owner", async () => {
    const { daemon, operator } = await openTeam();
    await operator.call("users.create", { username: "door", type: "service", roles: ["viewer"] });
    const params = { user: "door", name: "screen", permissions: ["users.read"] };
    const { secret } = await operator.call("keys.create", params);
    const screen = await daemon.bearer(secret);
    expect((await screen.call("users.list", {})).total).toBe(3);
    await expect(screen.call("presence.list", {})).rejects.toMatchObject(refused(403));
  });

  test("an account ends on a date, and accounts that nobody uses are found", async () => {
    const { daemon, operator, add, logIn } = await openTeam();
    const validUntil = new Date(daemon.clock.now() + 60_000).toISOString();
    await add("guest", { validUntil });
    const guest = await logIn("guest");
    daemon.clock.jump(60_000);
    await expect(guest.call("users.get", {})).rejects.toMatchObject(refused(401));
    await expect(logIn("guest")).rejects.toMatchObject(refused(401));
    const lastLoginBefore = new Date(daemon.clock.now()).toISOString();
    await logIn("ada");
    const { items } = await operator.call("users.list", { filter: { lastLoginBefore } });
    expect(items.map(({ username }) => username)).toEqual(["guest", "root"]);
  });

  test("an administrator sees everybody's keys, and when the old one of a rotation falls silent", async () => {
    const { daemon, logIn } = await openTeam();
    const [ada, root] = [await logIn("ada"), await logIn("root")];
    const old = await ada.call("keys.create", { name: "phone" });
    const phone = await daemon.bearer(old.secret);
    await ada.call("keys.rotate", { id: old.key.id });
    const { items } = await root.call("keys.list", { allUsers: true, status: "retiring" });
    expect(items).toMatchObject([{ username: "ada", name: "phone", openConnections: 1, useCount: 1 }]);
    await phone.close();
    await expect.poll(async () => (await root.call("keys.get", { id: old.key.id })).openConnections).toBe(0);
  });

  test("who failed to get in is in the audit, with the address", async () => {
    const { daemon, operator, logIn } = await openTeam();
    await expect(logIn("ada", "wrong")).rejects.toMatchObject(refused(401));
    await daemon.stop();
    const again = await startTestDaemon({ config: { data: daemon.directory } });
    const { items } = await (await again.operator()).call("audit.query", { type: "login.failed" });
    expect(items).toMatchObject([{ actor: { address: "127.0.0.1" }, subject: { name: "ada" } }]);
    expect(operator.socket.readyState).toBe(operator.socket.CLOSED);
  });
});
