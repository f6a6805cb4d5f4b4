import { expect, test } from "vitest";
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
