import { expect, test } from "vitest";
import type { RawClient } from "./raw-client.ts";
import { startTestDaemon } from "./start-daemon.ts";

const PASSWORD = "correct horse battery staple";
const DAY = 24 * 3_600_000;

/** The next event of a type, past the positions that silence brings. */
async function eventOf(client: RawClient, type: string) {
  return (await client.next(({ params }) => params?.type === type)).params;
}

test("at the end of an account its open connections are refused at once and closed, and it is told", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  const validUntil = new Date(daemon.clock.now() + 60_000).toISOString();
  const account = { username: "mia", password: PASSWORD, mustChangePassword: false, validUntil };
  await operator.call("users.create", account);
  const { secret } = await operator.call("keys.create", { user: "mia", name: "tool" });
  await operator.call("events.subscribe", { topics: ["users"] });
  const tool = await daemon.bearer(secret);
  const mia = await daemon.stranger();
  await mia.call("auth.login", { username: "mia", password: PASSWORD });

  daemon.clock.advance(59_999);
  await daemon.check();
  await mia.call("auth.whoami", {});
  daemon.clock.advance(1);
  await expect(mia.call("auth.whoami", {})).rejects.toMatchObject({ reason: "sessionExpired" });
  await expect(tool.call("auth.whoami", {})).rejects.toMatchObject({ reason: "unauthenticated" });
  await daemon.check();
  expect(await mia.closed).toMatchObject({ code: 4401 });
  expect(await tool.closed).toMatchObject({ code: 4401 });
  expect(await eventOf(operator, "user.expired")).toMatchObject({ subject: { name: "mia" } });
});

test("seven days after its deletion a user is purged by the daemon itself, and it is told", async () => {
  const daemon = await startTestDaemon();
  await daemon.check();
  const operator = await daemon.operator();
  await operator.call("users.create", { username: "mia" });
  await operator.call("events.subscribe", { topics: ["users"] });
  await operator.call("users.delete", { user: "mia" });
  await eventOf(operator, "user.deleted");
  daemon.clock.advance(7 * DAY);
  await daemon.check();
  expect(await eventOf(operator, "user.purged")).toMatchObject({ actor: { kind: "system" } });
  await operator.call("users.create", { username: "mia" });
});
