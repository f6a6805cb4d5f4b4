import { expect, test } from "vitest";
import { HOUR, LOCAL, openTestDirectory, reasonOf, refusalOf } from "./test-directory.ts";

test("whoever has said nothing yet is on the board as available", async () => {
  const roster = await openTestDirectory();
  const user = await roster.user("ada", { fullName: "Ada Lovelace" });
  const entry = {
    userId: user.id,
    username: "ada",
    fullName: "Ada Lovelace",
    status: "Available",
    message: "",
    returnAt: null,
    updatedAt: user.createdAt,
  };
  expect(await roster.call(LOCAL, "presence.list", {})).toEqual({
    items: [entry],
    total: 1,
    offset: 0,
    limit: 50,
  });
  expect((await roster.call(LOCAL, "users.get", { user: "ada" })).status).toEqual(entry);
});

test("one says where one is, until when, and is back by clearing it", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  roster.advance(HOUR);
  const returnAt = "2026-01-05T09:00:00.000Z";
  const said = await roster.call(caller, "presence.set", {
    status: "Vacation",
    message: "Back on Monday",
    returnAt,
  });
  expect(said).toMatchObject({
    status: "Vacation",
    message: "Back on Monday",
    returnAt,
    updatedAt: roster.now,
  });
  expect((await roster.call(caller, "users.get", {})).status).toEqual(said);
  await roster.restart();
  expect((await roster.call(LOCAL, "presence.list", {})).items).toEqual([said]);

  roster.advance(HOUR);
  const cleared = await roster.call(caller, "presence.clear", {});
  expect(cleared).toMatchObject({ status: "Available", message: "", returnAt: null, updatedAt: roster.now });
  expect((await roster.call(caller, "users.get", {})).status).toEqual(cleared);
});

test("only what the board offers can be set, and the refusal names it", async () => {
  const roster = await openTestDirectory({ presenceStatuses: ["In", "Out"] });
  const { caller } = await roster.person("ada", ["viewer"]);
  expect(await roster.call(caller, "presence.statuses", {})).toEqual({ statuses: ["In", "Out"] });
  expect(await roster.call(caller, "presence.set", { status: "Out" })).toMatchObject({ status: "Out" });
  expect(await roster.call(caller, "presence.clear", {})).toMatchObject({ status: "In" });
  for (const status of ["Available", "in", "", "constructor"]) {
    const error = await refusalOf(roster.call(caller, "presence.set", { status }));
    expect(error).toMatchObject({ code: -32602, data: { issues: [{ path: ["status"] }] } });
    expect(error.message).toContain("In, Out");
  }
});

test("the ten statuses of a board that nobody configured", async () => {
  const roster = await openTestDirectory();
  const { statuses } = await roster.call(LOCAL, "presence.statuses", {});
  expect(statuses).toEqual([
    "Available",
    "Away From Desk",
    "At Lunch",
    "Out for Day",
    "Out",
    "Appointment",
    "Do Not Disturb",
    "Meeting",
    "Out Sick",
    "Vacation",
  ]);
});

test("who is disabled, ended, deleted or wants no place is not on the board, by username in pages", async () => {
  const roster = await openTestDirectory();
  const soon = new Date(Date.parse(roster.now) + HOUR).toISOString();
  for (const name of ["dora", "ada", "carl", "bert"]) await roster.user(name);
  await roster.user("hidden", { presence: false });
  await roster.user("disabled", { active: false });
  await roster.user("deleted");
  await roster.call(LOCAL, "users.delete", { user: "deleted" });
  await roster.user("ending", { validUntil: soon });

  const board = async (window: { offset?: number; limit?: number } = {}) => {
    const { items, total } = await roster.call(LOCAL, "presence.list", window);
    return [items.map(({ username }) => username), total];
  };
  expect(await board()).toEqual([["ada", "bert", "carl", "dora", "ending"], 5]);
  expect(await board({ offset: 1, limit: 2 })).toEqual([["bert", "carl"], 5]);
  expect(await board({ offset: 9 })).toEqual([[], 5]);
  roster.advance(HOUR);
  expect(await board()).toEqual([["ada", "bert", "carl", "dora"], 4]);

  await roster.call(LOCAL, "users.disable", { user: "bert" });
  await roster.call(LOCAL, "users.enable", { user: "disabled" });
  await roster.call(LOCAL, "users.update", { user: "hidden", changes: { presence: true } });
  expect(await board()).toEqual([["ada", "carl", "disabled", "dora", "hidden"], 5]);
});

test("who has no place on the board has no entry and can be given none", async () => {
  const roster = await openTestDirectory();
  await roster.user("hidden", { presence: false });
  await roster.user("disabled", { active: false });
  for (const user of ["hidden", "disabled"]) {
    expect((await roster.call(LOCAL, "users.get", { user })).status).toBeNull();
    expect(await reasonOf(roster.call(LOCAL, "presence.set", { user, status: "Out" }))).toBe("invalidState");
    expect(await reasonOf(roster.call(LOCAL, "presence.clear", { user }))).toBe("invalidState");
  }
});

test("what a disabled user had said is there again; a deleted one's is gone", async () => {
  const roster = await openTestDirectory();
  const user = await roster.user("ada");
  await roster.call(LOCAL, "presence.set", { user: "ada", status: "Meeting" });
  await roster.call(LOCAL, "users.disable", { user: "ada" });
  await roster.call(LOCAL, "users.enable", { user: "ada" });
  expect((await roster.call(LOCAL, "presence.list", {})).items).toMatchObject([{ status: "Meeting" }]);
  await roster.call(LOCAL, "users.delete", { user: "ada" });
  expect(await roster.store.presence(user.id)).toBeUndefined();
  expect(await reasonOf(roster.call(LOCAL, "presence.set", { user: "ada", status: "Out" }))).toBe("notFound");
});

test("somebody else's place is set with the permission, below one's rank only", async () => {
  const roster = await openTestDirectory();
  const { caller: ada } = await roster.person("ada", ["viewer"]);
  const { caller: operator } = await roster.person("op", ["operator"]);
  await roster.person("root", ["admin"]);
  expect(await reasonOf(roster.call(ada, "presence.set", { user: "op", status: "Out" }))).toBe("forbidden");
  await roster.call(operator, "presence.set", { user: "ada", status: "Out Sick" });
  expect(await reasonOf(roster.call(operator, "presence.clear", { user: "root" }))).toBe("outranked");
});

test("a message is free text without control characters, 200 at most", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const say = (message: string) => roster.call(caller, "presence.set", { status: "Out", message });
  expect((await say("é".repeat(200))).message).toHaveLength(200);
  for (const message of ["x".repeat(201), "a\u001b[2Jb", "a\u202eb"]) {
    await expect(say(message)).rejects.toThrow();
  }
});

test("saying it is an event with the entry, and no change of the user", async () => {
  const roster = await openTestDirectory();
  const { caller, user } = await roster.person("ada");
  const entry = await roster.call(caller, "presence.set", { status: "Meeting", message: "Room 2" });
  await roster.call(caller, "presence.clear", {});
  const told = await roster.entriesOf("presence.set");
  expect(told.map(({ subject }) => subject)).toEqual([
    { kind: "presence", id: user.id, name: "ada" },
    { kind: "presence", id: user.id, name: "ada" },
  ]);
  expect(told[0]?.data).toEqual({ presence: entry });
  expect((await roster.call(caller, "users.get", {})).revision).toBe(user.revision);
});

test("where somebody is shows to themselves and to who may read the board", async () => {
  const roster = await openTestDirectory();
  await roster.role("clerk", ["users.read"]);
  await roster.role("caller", ["users.read", "presence.read"]);
  const { caller: ada } = await roster.person("ada");
  const { caller: clerk } = await roster.person("clerk", ["clerk"]);
  const key = await roster.key("clerk");
  await roster.call(ada, "presence.set", { status: "Meeting" });
  const seenBy = async (caller: typeof ada, user: string) =>
    (await roster.call(caller, "users.get", { user })).status?.status ?? null;
  expect(await seenBy(ada, "ada")).toBe("Meeting");
  expect(await seenBy(clerk, "ada")).toBeNull();
  expect(await seenBy(clerk, "clerk")).toBe("Available");
  // A key is narrower than its owner.
  expect(await seenBy(key.caller, "clerk")).toBeNull();
  const { caller } = await roster.person("switchboard", ["caller"]);
  expect(await seenBy(caller, "ada")).toBe("Meeting");
});

test("the board is read by a part of a name, and around somebody wherever they stand", async () => {
  const roster = await openTestDirectory();
  for (let number = 10; number < 20; number++)
    await roster.user(`user-${number}`, { fullName: `Ann ${number}` });
  await roster.user("user-off", { fullName: "Ann off", presence: false });
  const ivan = await roster.user("ivan");
  expect(await roster.call(LOCAL, "presence.list", { text: "ANN 1", limit: 3 })).toMatchObject({
    items: [{ username: "user-10" }, { username: "user-11" }, { username: "user-12" }],
    total: 10,
  });
  expect((await roster.call(LOCAL, "presence.list", { text: "off" })).items).toEqual([]);
  const last = (await roster.call(LOCAL, "users.get", { user: "user-19" })).id;
  expect(await roster.call(LOCAL, "presence.list", { around: last, limit: 4 })).toMatchObject({
    items: [{ username: "user-17" }, { username: "user-18" }, { username: "user-19" }],
    offset: 8,
  });
  expect((await roster.call(LOCAL, "presence.list", { around: ivan.id, limit: 4 })).offset).toBe(0);
});

test("the board is read by a part of the status, that of who has said nothing included, together with a name", async () => {
  const roster = await openTestDirectory();
  for (const name of ["ada", "ben", "cleo", "dora"]) await roster.user(name);
  const say = (user: string, status: string) => roster.call(LOCAL, "presence.set", { user, status });
  await say("ben", "Out Sick");
  await say("cleo", "Out");
  const found = async (params: { status?: string; text?: string }) =>
    (await roster.call(LOCAL, "presence.list", params)).items.map(({ username }) => username);
  expect(await found({ status: "OUT" })).toEqual(["ben", "cleo"]);
  expect(await found({ status: "sick" })).toEqual(["ben"]);
  expect(await found({ status: "avail" })).toEqual(["ada", "dora"]);
  expect(await found({ status: "out", text: "c" })).toEqual(["cleo"]);
  expect(await found({ status: "" })).toHaveLength(4);

  await roster.call(LOCAL, "presence.clear", { user: "cleo" });
  expect(await found({ status: "avail" })).toEqual(["ada", "cleo", "dora"]);
});
