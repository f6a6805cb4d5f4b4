import { expect, test } from "vitest";
import { LOCAL, openTestDirectory, reasonOf, refusalOf } from "./test-directory.ts";

test("saving merges deeply, null deletes, and only paths are told", async () => {
  const roster = await openTestDirectory();
  const { caller, user } = await roster.person("ada");
  const save = (settings: Record<string, never>) => roster.call(caller, "settings.save", { settings });
  const first = await roster.call(caller, "settings.save", {
    settings: { studio: { grid: { size: 5, color: "secret-blue" } } },
  });
  expect(first.revision).toBe(2);
  const saved = await roster.call(caller, "settings.save", {
    settings: { studio: { grid: { color: null } }, browse: { sort: "name" } },
  });
  expect(saved).toEqual({
    settings: { studio: { grid: { size: 5 } }, browse: { sort: "name" } },
    revision: 3,
  });
  expect(await save({})).toEqual(saved);
  const told = await roster.entriesOf("settings.saved");
  expect(told.map(({ subject, data }) => [subject?.id, data])).toEqual([
    [user.id, { changed: ["/studio/grid"], revision: 2 }],
    [user.id, { changed: ["/browse/sort", "/studio/grid/color"], revision: 3 }],
  ]);
  expect(JSON.stringify(told)).not.toContain("secret-blue");
  expect((await roster.call(caller, "users.get", {})).revision).toBe(1);
});

test("one application's part is read by its name; a name of the prototype is nobody's", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  expect(await roster.call(caller, "settings.get", { namespace: "studio" })).toEqual({
    settings: {},
    revision: 1,
  });
  for (const namespace of ["nothing", "toString", "__proto__"]) {
    expect((await roster.call(caller, "settings.get", { namespace })).settings).toBeNull();
  }
});

test("replace sets the whole; reset brings the defaults back, whole or by name", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const replaced = await roster.call(caller, "settings.save", {
    settings: { studio: { a: 1 }, other: { b: 2 } },
    replace: true,
  });
  expect(replaced.settings).toEqual({ studio: { a: 1 }, other: { b: 2 } });
  const part = await roster.call(caller, "settings.reset", { namespace: "studio" });
  expect(part.settings).toEqual({ studio: {}, other: { b: 2 } });
  await roster.call(caller, "settings.reset", { namespace: "other" });
  const whole = await roster.call(caller, "settings.reset", {});
  expect(whole.settings).toEqual({ studio: {}, browse: {} });
  expect(await roster.entriesOf("settings.reset")).toHaveLength(3);
});

test("who may change another's settings does not therefore see them in the answer to a reset", async () => {
  const roster = await openTestDirectory();
  await roster.role("tidier", ["settings.manage"]);
  await roster.user("ada");
  const { caller } = await roster.person("tim", ["tidier"]);
  expect((await roster.call(caller, "settings.reset", { user: "ada" })).settings).toBeNull();
});

test("a stale revision is refused with the current one", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  await roster.call(caller, "settings.save", { settings: { a: 1 }, ifRevision: 1 });
  const stale = await refusalOf(roster.call(caller, "settings.save", { settings: { a: 2 }, ifRevision: 1 }));
  expect(stale).toMatchObject({ code: 412, data: { revision: 2 } });
});

test("settings take at most 64 KiB, counted in bytes after the merge, and 30 levels", async () => {
  const roster = await openTestDirectory();
  const { caller } = await roster.person("ada");
  const save = (settings: { [name: string]: string }) =>
    roster.call(caller, "settings.save", { settings, replace: true });
  const overhead = JSON.stringify({ a: "" }).length;
  await save({ a: "x".repeat(65_536 - overhead) });
  expect(await reasonOf(save({ a: "x".repeat(65_537 - overhead) }))).toBe(-32602);
  expect(await reasonOf(save({ a: "é".repeat(32_768) }))).toBe(-32602);
  expect(await reasonOf(roster.call(caller, "settings.save", { settings: { b: 1 } }))).toBe(-32602);

  const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);
  await roster.call(caller, "settings.save", { settings: nested(30), replace: true });
  expect(await reasonOf(roster.call(caller, "settings.save", { settings: nested(31) }))).toBe(-32602);
  const large = { username: "bob", settings: { a: "x".repeat(65_536) } };
  expect(await reasonOf(roster.call(LOCAL, "users.create", large))).toBe(-32602);
});

test("a user begins with the configured settings, and a reset goes back to them", async () => {
  const settingsDefaults = { studio: { grid: 5, units: "mm" }, print: { bed: "glass" } };
  const roster = await openTestDirectory({ settingsDefaults });
  const { caller } = await roster.person("ada");
  const own = await roster.user("ben", { settings: { studio: {} } });
  const read = (user: string) => roster.call(LOCAL, "settings.get", { user });
  expect(await read("ada")).toEqual({ settings: settingsDefaults, revision: 1 });
  expect(await read(own.id)).toEqual({ settings: { studio: {} }, revision: 1 });

  await roster.call(caller, "settings.save", {
    settings: { studio: { grid: null }, print: { bed: "steel" } },
  });
  const part = await roster.call(caller, "settings.reset", { namespace: "studio" });
  expect(part.settings).toEqual({ ...settingsDefaults, print: { bed: "steel" } });
  const whole = await roster.call(caller, "settings.reset", {});
  expect(whole.settings).toEqual(settingsDefaults);
  // What is as it should be is not saved again.
  await roster.call(caller, "settings.reset", {});
  expect((await read("ada")).revision).toBe(4);
});
