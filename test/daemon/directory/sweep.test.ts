import { expect, test, vi } from "vitest";
import { topicOf } from "../../../protocol/index.ts";
import { ANONYMOUS, DAY, HOUR, LOCAL, openTestDirectory, PASSWORD, reasonOf } from "./test-directory.ts";

test("keys that time ended are journalled once, and stay ended when the clock is set back", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const expiresAt = new Date(Date.parse(roster.now) + HOUR).toISOString();
  const { key, secret } = await roster.call(LOCAL, "keys.create", { user: "bot", name: "t", expiresAt });
  const rotated = await roster.key("bot");
  await roster.call(LOCAL, "keys.rotate", { id: rotated.key.id, graceSeconds: 3600 });
  await roster.sweep();
  expect(await roster.entriesOf("key.expired")).toEqual([]);
  roster.advance(HOUR);
  await roster.sweep();
  await roster.sweep();
  const expired = await roster.entriesOf("key.expired");
  expect(expired.map(({ subject }) => subject?.id).sort()).toEqual([key.id, rotated.key.id].sort());
  expect(expired[0]).toMatchObject({ actor: { kind: "system" }, data: { key: { status: "expired" } } });
  roster.setClock(-DAY);
  expect(await reasonOf(roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret }))).toBe(
    "invalidCredentials",
  );
});

test("sessions that time ended are gone, with the reason told", async () => {
  const roster = await openTestDirectory();
  const idle = await roster.person("ada");
  const busy = await roster.login("ada");
  roster.advance(12 * HOUR - 1);
  await roster.sweep();
  if (busy.kind !== "session" || idle.caller.kind !== "session") throw new Error("no session");
  roster.store.countUse(busy.sessionId, roster.now, null);
  roster.advance(1);
  await roster.sweep();
  expect(await roster.entriesOf("session.ended")).toMatchObject([
    { data: { session: { id: idle.caller.sessionId }, reason: "idle" } },
  ]);
  roster.setClock(-HOUR);
  expect(await reasonOf(roster.call(idle.caller, "auth.whoami", {}))).toBe("sessionExpired");
  await roster.call(busy, "auth.whoami", {});
});

test("where nothing has ended nothing is written", async () => {
  const roster = await openTestDirectory();
  await roster.user("ada", { password: PASSWORD });
  await roster.key("ada");
  await roster.login("ada");
  const { seq } = roster.store.status();
  await roster.sweep();
  expect(roster.store.status().seq).toBe(seq);
});

test("records are looked through only when the earliest end has come; a nearer one that is new is not missed", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const inHours = (hours: number) => new Date(Date.parse(roster.now) + hours * HOUR).toISOString();
  const create = (hours: number) =>
    roster.call(LOCAL, "keys.create", { user: "bot", name: `${hours} h`, expiresAt: inHours(hours) });
  await create(5);
  await roster.sweep();
  const searches = vi.spyOn(roster.store, "scanKeys");
  roster.advance(HOUR);
  await roster.sweep();
  expect(searches).not.toHaveBeenCalled();

  await create(1);
  await roster.settle();
  roster.advance(HOUR);
  await roster.sweep();
  roster.advance(3 * HOUR);
  await roster.sweep();
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
  await roster.sweep();
  expect(await roster.entriesOf("key.expired")).toHaveLength(100);
  await roster.sweep();
  expect(await roster.entriesOf("key.expired")).toHaveLength(120);
});

test("an end is final only once the transaction's own clock has reached it", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const expiresAt = new Date(Date.parse(roster.now) + HOUR).toISOString();
  const { secret } = await roster.call(LOCAL, "keys.create", { user: "bot", name: "t", expiresAt });
  await roster.sweep(Date.parse(roster.now) + 2 * HOUR);
  await roster.call(ANONYMOUS, "auth.loginWithKey", { key: secret });
  roster.advance(HOUR);
  await roster.sweep();
  expect(await roster.entriesOf("key.expired")).toHaveLength(1);
});

test("what could not be written is tried again", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const expiresAt = new Date(Date.parse(roster.now) + HOUR).toISOString();
  await roster.call(LOCAL, "keys.create", { user: "bot", name: "t", expiresAt });
  roster.advance(HOUR);
  vi.spyOn(roster.store, "transaction").mockRejectedValueOnce(new Error("disk full"));
  await expect(roster.sweep()).rejects.toThrow("disk full");
  await roster.sweep();
  expect(await roster.entriesOf("key.expired")).toHaveLength(1);
});

test("keys that have been ended for 90 days are dropped, in the audit only", async () => {
  const roster = await openTestDirectory();
  await roster.sweep();
  await roster.user("bot", { type: "service" });
  const revoked = await roster.key("bot");
  const kept = await roster.key("bot");
  const expiresAt = new Date(Date.parse(roster.now) + DAY).toISOString();
  const { key: expiring } = await roster.call(LOCAL, "keys.create", { user: "bot", name: "t", expiresAt });
  const { previous } = await roster.call(LOCAL, "keys.rotate", { id: kept.key.id, graceSeconds: 0 });
  await roster.call(LOCAL, "keys.revoke", { id: revoked.key.id });
  await roster.settle();
  roster.advance(DAY);
  await roster.sweep();
  await roster.settle();
  roster.advance(89 * DAY - 1);
  await roster.sweep();
  expect((await roster.call(LOCAL, "keys.list", { user: "bot" })).total).toBe(4);
  roster.advance(1);
  await roster.sweep();
  const left = await roster.call(LOCAL, "keys.list", { user: "bot" });
  expect(left.items.map(({ id, status }) => [id, status])).toEqual([
    [expiring.id, "expired"],
    [previous.rotatedTo, "active"],
  ]);
  roster.advance(DAY);
  await roster.sweep();
  expect((await roster.call(LOCAL, "keys.list", { user: "bot" })).total).toBe(1);
  const told = await roster.entriesOf("key.dropped");
  expect(told.map(({ subject }) => subject?.id).sort()).toEqual(
    [revoked.key.id, previous.id, expiring.id].sort(),
  );
  expect(topicOf("key.dropped")).toBeUndefined();
});

test("ended keys are kept through a jump of the clock", async () => {
  const roster = await openTestDirectory();
  await roster.user("bot", { type: "service" });
  const { key } = await roster.key("bot");
  await roster.call(LOCAL, "keys.revoke", { id: key.id });
  roster.advance(HOUR);
  await roster.sweep();
  roster.setClock(365 * DAY);
  await roster.sweep();
  roster.setClock(-365 * DAY);
  await roster.sweep();
  roster.advance(DAY);
  await roster.sweep();
  await roster.call(LOCAL, "keys.get", { id: key.id });
});
