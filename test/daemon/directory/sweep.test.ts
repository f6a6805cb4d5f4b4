import { expect, test, vi } from "vitest";
import {
  ANONYMOUS,
  DAY,
  HOUR,
  LOCAL,
  openTestDirectory,
  PASSWORD,
  reasonOf,
  type TestDirectory,
} from "./test-directory.ts";

function sweep(roster: TestDirectory) {
  return roster.directory.sweep(Date.parse(roster.now));
}

test("keys that time ended are journalled once, and stay ended when the clock is set back", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const expiresAt = new Date(Date.parse(roster.now) + HOUR).toISOString();
  const { key, secret } = await roster.call(LOCAL, "keys.create", { user: "bot", name: "t", expiresAt });
  const rotated = await roster.key("bot");
  await roster.call(LOCAL, "keys.rotate", { id: rotated.key.id, graceSeconds: 3600 });
  await sweep(roster);
  expect(await roster.entriesOf("key.expired")).toEqual([]);
  roster.advance(HOUR);
  await sweep(roster);
  await sweep(roster);
  const expired = await roster.entriesOf("key.expired");
  expect(expired.map(({ subject }) => subject?.id).sort()).toEqual([key.id, rotated.key.id].sort());
  expect(expired[0]).toMatchObject({ actor: { kind: "system" }, data: { key: { status: "expired" } } });
  roster.advance(-DAY);
  expect(await reasonOf(roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret }))).toBe(
    "invalidCredentials",
  );
});

test("sessions that time ended are gone, with the reason told", async () => {
  const roster = await openTestDirectory();
  const idle = await roster.person("ada");
  const busy = await roster.login("ada");
  roster.advance(12 * HOUR - 1);
  await sweep(roster);
  if (busy.kind !== "session" || idle.caller.kind !== "session") throw new Error("no session");
  roster.store.countUse(busy.sessionId, roster.now, null);
  roster.advance(1);
  await sweep(roster);
  expect(await roster.entriesOf("session.ended")).toMatchObject([
    { data: { session: { id: idle.caller.sessionId }, reason: "idle" } },
  ]);
  roster.advance(-HOUR);
  expect(await reasonOf(roster.call(idle.caller, "auth.whoami", {}))).toBe("sessionExpired");
  await roster.call(busy, "auth.whoami", {});
});

test("where nothing has ended nothing is written", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD });
  await roster.key("ada");
  await roster.login("ada");
  const { seq } = roster.store.status();
  await sweep(roster);
  expect(roster.store.status().seq).toBe(seq);
});

test("records are looked through only when the earliest end has come; a nearer one that is new is not missed", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const inHours = (hours: number) => new Date(Date.parse(roster.now) + hours * HOUR).toISOString();
  const create = (hours: number) =>
    roster.call(LOCAL, "keys.create", { user: "bot", name: `${hours} h`, expiresAt: inHours(hours) });
  await create(5);
  await sweep(roster);
  const searches = vi.spyOn(roster.store, "queryKeys");
  roster.advance(HOUR);
  await sweep(roster);
  expect(searches).not.toHaveBeenCalled();

  await create(1);
  await roster.settle();
  roster.advance(HOUR);
  await sweep(roster);
  roster.advance(3 * HOUR);
  await sweep(roster);
  const expired = await roster.entriesOf("key.expired");
  expect(expired.map(({ subject }) => subject?.name)).toEqual(["1 h", "5 h"]);
});

test("more than one transaction takes are ended one batch after the other", async () => {
  const roster = await openTestDirectory();
  const expiresAt = new Date(Date.parse(roster.now) + HOUR).toISOString();
  for (const user of ["one", "two"]) {
    await roster.user(user, { type: "service" });
    for (let count = 0; count < 60; count += 1) {
      await roster.call(LOCAL, "keys.create", { user, name: "t", expiresAt });
    }
  }
  roster.advance(HOUR);
  await sweep(roster);
  expect(await roster.entriesOf("key.expired")).toHaveLength(100);
  await sweep(roster);
  expect(await roster.entriesOf("key.expired")).toHaveLength(120);
});

test("an end is final only once the transaction's own clock has reached it", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const expiresAt = new Date(Date.parse(roster.now) + HOUR).toISOString();
  const { secret } = await roster.call(LOCAL, "keys.create", { user: "bot", name: "t", expiresAt });
  await roster.directory.sweep(Date.parse(roster.now) + 2 * HOUR);
  await roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret });
  roster.advance(HOUR);
  await sweep(roster);
  expect(await roster.entriesOf("key.expired")).toHaveLength(1);
});

test("what could not be written is tried again", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const expiresAt = new Date(Date.parse(roster.now) + HOUR).toISOString();
  await roster.call(LOCAL, "keys.create", { user: "bot", name: "t", expiresAt });
  roster.advance(HOUR);
  vi.spyOn(roster.store, "transaction").mockRejectedValueOnce(new Error("disk full"));
  await expect(sweep(roster)).rejects.toThrow("disk full");
  await sweep(roster);
  expect(await roster.entriesOf("key.expired")).toHaveLength(1);
});
