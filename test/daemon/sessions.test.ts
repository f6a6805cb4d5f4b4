import { expect, test } from "vitest";
import type { RawClient } from "./raw-client.ts";
import { startTestDaemon } from "./start-daemon.ts";

const password = "correct horse battery staple";
const SECOND = 1000;

test("a revoked session's open connections are closed with 4401, whoever holds them, and no others", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await operator.call("users.create", { username: "ada", password, mustChangePassword: false });
  const stays = await logIn(await daemon.stranger());
  const laptop = await daemon.stranger();
  const { token } = await laptop.call("auth.login", { username: "ada", password });
  const tab = await daemon.bearer(token);
  const { items } = await stays.call("sessions.list", {});
  expect(items.map(({ current }) => current)).toEqual([true, false]);

  await stays.call("sessions.revoke", { id: items[1]?.id ?? "" });
  // Every request after that answer is refused, and the connections are closed without one within a second.
  await expect(tab.call("auth.whoami", {})).rejects.toMatchObject({ code: 401 });
  daemon.clock.advance(SECOND);
  await daemon.check();
  for (const client of [laptop, tab]) expect(await client.closed).toMatchObject({ code: 4401 });
  expect(await stays.call("sessions.list", {})).toMatchObject({ total: 1 });
  await expect(daemon.bearer(token)).rejects.toThrow("401");
});

test("a session that was idle too long closes its silent connection", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  await operator.call("users.create", { username: "ada", password, mustChangePassword: false });
  const client = await logIn(await daemon.stranger());
  await operator.call("events.subscribe", { topics: ["sessions"] });
  // Only the calendar moves: a heartbeat that is overdue would close it too.
  daemon.clock.jump(12 * 3600 * SECOND);
  await daemon.check();
  expect(await client.closed).toMatchObject({ code: 4401 });
  expect(await operator.event()).toMatchObject({ type: "session.ended", data: { reason: "idle" } });
});

async function logIn(client: RawClient): Promise<RawClient> {
  await client.call("auth.login", { username: "ada", password });
  return client;
}
