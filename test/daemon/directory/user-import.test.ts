import { expect, test } from "vitest";
import type { Params, UserDetail } from "../../../protocol/index.ts";
import {
  LOCAL,
  openTestDirectory,
  PASSWORD,
  reasonOf,
  refusalOf,
  type TestDirectory,
} from "./test-directory.ts";

type Import = Params<"users.import">;

function load(roster: TestDirectory, users: unknown[], more: Partial<Import> = {}, caller = LOCAL) {
  return roster.call(caller, "users.import", { users, mode: "create", ...more });
}

function read(roster: TestDirectory, user: string): Promise<UserDetail> {
  return roster.call(LOCAL, "users.get", { user });
}

test("rows become users with what they say, and with the defaults where they say nothing", async () => {
  const roster = await openTestDirectory();
  const validUntil = "2030-01-01T00:00:00.000Z";
  const full = {
    username: "Ada",
    fullName: "Ada Lovelace",
    roles: ["viewer"],
    active: false,
    theme: "light",
    presence: false,
    settings: { studio: { tab: 2 } },
    validUntil,
  };
  const { results, ...counts } = await load(roster, [
    full,
    { username: "bob" },
    { username: "cam", type: "service" },
  ]);
  expect(results).toEqual([
    { index: 0, username: "ada", outcome: "created" },
    { index: 1, username: "bob", outcome: "created" },
    { index: 2, username: "cam", outcome: "created" },
  ]);
  expect(counts).toEqual({ created: 3, updated: 0, unchanged: 0, failed: 0 });
  expect(await read(roster, "ada")).toMatchObject({ ...full, username: "ada" });
  expect(await read(roster, "bob")).toMatchObject({
    fullName: "",
    type: "normal",
    roles: [],
    active: true,
    hasPassword: false,
    mustChangePassword: false,
    presence: true,
    settings: { studio: {}, browse: {} },
  });
});

test("an import is one line of the journal with one event a user", async () => {
  const roster = await openTestDirectory();
  await load(roster, [{ username: "a" }, { username: "b" }]);
  const created = await roster.entriesOf("user.created");
  expect(created.map(({ subject }) => subject?.name)).toEqual(["a", "b"]);
  expect(new Set(created.map(({ at }) => at)).size).toBe(1);
});

test("a password of an import works, must be changed, and a reset ends the sessions", async () => {
  const roster = await openTestDirectory();
  await load(roster, [
    { username: "ada", password: PASSWORD },
    { username: "bob", password: PASSWORD, mustChangePassword: false },
  ]);
  expect(await read(roster, "ada")).toMatchObject({ hasPassword: true, mustChangePassword: true });
  const session = await roster.login("bob");
  const { results } = await load(roster, [{ username: "bob", password: `${PASSWORD} 2` }], {
    mode: "upsert",
  });
  expect(results).toEqual([{ index: 0, username: "bob", outcome: "updated" }]);
  expect(await reasonOf(roster.call(session, "users.get", {}))).toBe("sessionExpired");
  await roster.login("bob", `${PASSWORD} 2`);
});

test("an upsert changes what the row says, leaves what it does not, and says where nothing differs", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { fullName: "Ada", roles: ["viewer"], settings: { studio: { a: 1 } } });
  const rows = [{ username: "ada", theme: "light" }, { username: "new" }];
  const first = await load(roster, rows, { mode: "upsert" });
  expect(first.results.map(({ outcome }) => outcome)).toEqual(["updated", "created"]);
  expect(await read(roster, "ada")).toMatchObject({
    fullName: "Ada",
    roles: ["viewer"],
    theme: "light",
    revision: 2,
  });
  const again = await load(roster, rows, { mode: "upsert" });
  expect(again).toMatchObject({ created: 0, updated: 0, unchanged: 2, failed: 0 });
  expect(await read(roster, "ada")).toMatchObject({ revision: 2, settings: { studio: { a: 1 } } });
  await load(roster, [{ username: "ada", settings: { browse: {} } }], { mode: "upsert" });
  expect((await read(roster, "ada")).settings).toEqual({ browse: {} });
});

test("one bad row keeps all others out, and each says why", async () => {
  const roster = await openTestDirectory();
  const answer = await load(roster, [{ username: "good" }, { username: "bad", fullName: "a\u0007b" }]);
  expect(answer).toMatchObject({ created: 0, failed: 2 });
  expect(answer.results).toMatchObject([
    { outcome: "failed", error: { code: 422, data: { reason: "invalidState", because: 1 } } },
    {
      outcome: "failed",
      username: "bad",
      error: { code: -32602, data: { issues: [{ path: ["fullName"] }] } },
    },
  ]);
  expect(await reasonOf(read(roster, "good"))).toBe("notFound");
  expect(await roster.entriesOf("user.created")).toEqual([]);
});

test("a partial import takes the good rows; the others are told with their index and what is wrong", async () => {
  const roster = await openTestDirectory();
  await roster.user("taken");
  await roster.user("gone");
  await roster.call(LOCAL, "users.delete", { user: "gone" });
  const bad: [unknown, object][] = [
    [null, { code: -32602 }],
    ["ada", { code: -32602 }],
    [{}, { code: -32602, data: { issues: [{ path: ["username"] }] } }],
    [{ username: "x y" }, { code: -32602, data: { issues: [{ path: ["username"] }] } }],
    [
      { username: "u1", admin: true },
      { code: -32602, data: { issues: [{ code: "unrecognized_keys" }] } },
    ],
    [
      { username: "u2", roles: ["viewer", "no-such"] },
      { code: -32602, data: { issues: [{ path: ["roles", 1] }] } },
    ],
    [
      { username: "u3", password: "short" },
      { code: 422, data: { reason: "passwordRejected" } },
    ],
    [{ username: "u4", type: "service", password: PASSWORD }, { code: -32602 }],
    [{ username: "u5", settings: { x: "y".repeat(70_000) } }, { code: -32602 }],
    [{ username: "taken" }, { code: 409, data: { reason: "alreadyExists" } }],
    [{ username: "gone" }, { code: 409, data: { reason: "alreadyExists", deletedUser: expect.any(String) } }],
    [{ username: "FINE" }, { code: -32602, data: { issues: [{ code: "duplicate" }] } }],
  ];
  const rows = [{ username: "fine" }, ...bad.map(([row]) => row), { username: "fine-too" }];
  const { results, created, failed } = await load(roster, rows, { partial: true });
  expect({ created, failed }).toEqual({ created: 2, failed: bad.length });
  for (const [at, [, error]] of bad.entries()) {
    expect(results[at + 1]).toMatchObject({ index: at + 1, outcome: "failed", error });
  }
  await read(roster, "fine-too");
});

test("no password of a refused row comes back in its error", async () => {
  const roster = await openTestDirectory();
  const rows = [
    { username: "ada", password: "canary-7f3" },
    { username: "bob", password: { secret: "canary-7f3" } },
  ];
  expect(JSON.stringify(await load(roster, rows, { partial: true }))).not.toContain("canary");
});

test("a dry run tells what would happen and changes nothing", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada");
  const rows = [
    { username: "ada", theme: "light" },
    { username: "bob", password: PASSWORD },
    { username: "!" },
  ];
  const { results } = await load(roster, rows, { mode: "upsert", dryRun: true, partial: true });
  expect(results.map(({ outcome }) => outcome)).toEqual(["updated", "created", "failed"]);
  expect(await read(roster, "ada")).toMatchObject({ theme: "default", revision: 1 });
  expect(await reasonOf(read(roster, "bob"))).toBe("notFound");
});

test("a user stays what it is: an upsert changes neither type nor a service account's having no password", async () => {
  const roster = await openTestDirectory();
  await roster.user("door", { type: "service" });
  const mode = "upsert" as const;
  const retyped = await load(roster, [{ username: "door", type: "normal" }], { mode });
  expect(retyped.results[0]?.error?.data).toMatchObject({ issues: [{ path: ["type"] }] });
  const armed = await load(roster, [{ username: "door", password: PASSWORD }], { mode });
  expect(armed.results[0]?.error?.data).toMatchObject({ reason: "invalidState" });
});

test("what a row carries asks for its own permission, of the whole call", async () => {
  const roster = await openTestDirectory();
  await roster.user("root", { roles: ["admin"] });
  const keyWith = async (...permissions: string[]) => (await roster.key("root", permissions)).caller;
  const creator = await keyWith("users.create");
  const lacks = async (users: unknown[], more: Partial<Import> = {}) =>
    (await refusalOf(load(roster, users, more, creator))).data?.permission;
  expect(await lacks([{ username: "a" }], { mode: "upsert" })).toBe("users.update");
  expect(await lacks([{ username: "a", password: PASSWORD }], { partial: true })).toBe("users.password");
  expect(await lacks([{ username: "a", settings: {} }], { dryRun: true })).toBe("settings.manage");
  expect((await load(roster, [{ username: "a" }], {}, creator)).created).toBe(1);
  const all = await keyWith("users.create", "users.update", "users.password", "settings.manage");
  const row = { username: "b", password: PASSWORD, settings: {} };
  expect((await load(roster, [row], { mode: "upsert" }, all)).created).toBe(1);
});

test("rank is asked row by row: nobody imports power that they lack, nor over somebody who holds it", async () => {
  const roster = await openTestDirectory();
  await roster.user("root", { roles: ["admin"], password: PASSWORD });
  const { caller } = await roster.person("op", ["operator"]);
  const rows = [
    { username: "made-admin", roles: ["admin"] },
    { username: "root", fullName: "Mine now" },
    { username: "root", password: `${PASSWORD}!` },
    { username: "op", roles: ["operator", "admin"] },
    { username: "fine", roles: ["viewer"] },
  ];
  const attempt = (users: unknown[]) => load(roster, users, { mode: "upsert", partial: true }, caller);
  const outcomes = [];
  for (const row of rows) {
    const [result] = (await attempt([row])).results;
    outcomes.push(result?.error?.data?.reason ?? result?.outcome);
  }
  expect(outcomes).toEqual(["outranked", "outranked", "outranked", "outranked", "created"]);
  await roster.login("root");
});

test("no import leaves the directory without an administrator, or shuts its caller out", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("root", ["admin"]);
  const demote = { users: [{ username: "root", roles: [] }], mode: "upsert" as const, partial: true };
  const [demoted] = (await roster.call(LOCAL, "users.import", demote)).results;
  expect(demoted?.error?.data).toMatchObject({ reason: "lastAdministrator" });
  await roster.user("second", { roles: ["admin"], password: PASSWORD });
  const disable = { ...demote, users: [{ username: "root", active: false }, { username: "other" }] };
  const { results } = await roster.call(caller, "users.import", disable);
  expect(results).toMatchObject([{ error: { data: { reason: "ownAccount" } } }, { outcome: "created" }]);
  expect(await read(roster, "root")).toMatchObject({ active: true, roles: ["admin"], revision: 1 });
});

test("an import survives a restart as it was answered", async () => {
  const roster = await openTestDirectory();
  await load(roster, [{ username: "ada", fullName: "Ada", settings: { studio: { x: 1 } } }]);
  const before = await read(roster, "ada");
  await roster.restart();
  expect(await read(roster, "ada")).toEqual(before);
});
