import { expect, test } from "vitest";
import { defaultRetention } from "../../daemon/directory/retention.ts";
import { startTestDaemon } from "./start-daemon.ts";

const PASSWORD = "correct horse battery staple";
const HOUR_MS = 3_600_000;
const scrypt = { logN: 15, r: 8, p: 3 };

test("password.minLength is what a password must have", async () => {
  const operator = await (
    await startTestDaemon({ config: { password: { minLength: 8, scrypt } } })
  ).operator();
  const create = (password: string) => operator.call("users.create", { username: "mia", password });
  await expect(create("kwzqvjx")).rejects.toMatchObject({ reason: "passwordRejected" });
  expect(await create("kwzqvjxb")).toHaveProperty("user.hasPassword", true);
});

test("settings.defaults are what a user begins with and a reset returns to", async () => {
  const defaults = { studio: { grid: true } };
  const operator = await (await startTestDaemon({ config: { settings: { defaults } } })).operator();
  await operator.call("users.create", { username: "mia" });
  expect(await operator.call("settings.get", { user: "mia" })).toMatchObject({ settings: defaults });
  await operator.call("settings.save", { user: "mia", settings: { studio: null } });
  expect(await operator.call("settings.reset", { user: "mia" })).toMatchObject({ settings: defaults });
});

test("presence.statuses are what the board offers", async () => {
  const statuses = ["Here", "At the printer"] as const;
  const operator = await (await startTestDaemon({ config: { presence: { statuses } } })).operator();
  await operator.call("users.create", { username: "mia" });
  expect(await operator.call("presence.statuses", {})).toEqual({ statuses });
  const set = (status: string) => operator.call("presence.set", { user: "mia", status });
  expect(await set("At the printer")).toMatchObject({ status: "At the printer" });
  await expect(set("Available")).rejects.toMatchObject({ code: -32602 });
  expect(await operator.call("presence.clear", { user: "mia" })).toMatchObject({ status: "Here" });
});

test("session.idle and session.absolute are how long a session lasts", async () => {
  const session = { idle: HOUR_MS, absolute: 2 * HOUR_MS };
  const daemon = await startTestDaemon({ config: { session } });
  const operator = await daemon.operator();
  await operator.call("users.create", { username: "mia", password: PASSWORD, mustChangePassword: false });
  const client = await daemon.stranger();
  const { expiresAt } = await client.call("auth.login", { username: "mia", password: PASSWORD });
  expect(Date.parse(expiresAt) - daemon.clock.now()).toBe(2 * HOUR_MS);
  daemon.clock.advance(HOUR_MS - 1);
  expect(await client.call("auth.whoami", {})).toMatchObject({ kind: "session" });
  daemon.clock.advance(HOUR_MS);
  await expect(client.call("auth.whoami", {})).rejects.toMatchObject({ reason: "sessionExpired" });
});

test("retention is how long deleted users can come back, and ended keys are remembered", async () => {
  const retention = { ...defaultRetention, deletedUsers: HOUR_MS, endedKeys: 2 * HOUR_MS };
  const daemon = await startTestDaemon({ config: { retention } });
  const operator = await daemon.operator();
  await operator.call("users.create", { username: "mia" });
  await operator.call("users.create", { username: "bot" });
  const { key } = await operator.call("keys.create", { user: "bot", name: "tool" });
  await operator.call("keys.revoke", { id: key.id });
  await operator.call("users.delete", { user: "mia" });
  const deleted = async () => (await operator.call("users.list", { filter: { deleted: true } })).total;
  const pass = async (ms: number) => {
    daemon.clock.advance(ms);
    await daemon.check();
  };
  // From the first look on the clock is watched; before, nobody knows whether it is right.
  await pass(0);
  await pass(HOUR_MS - 1);
  expect(await deleted()).toBe(1);
  await pass(1);
  expect(await deleted()).toBe(0);
  expect(await operator.call("keys.get", { id: key.id })).toMatchObject({ status: "revoked" });
  await pass(HOUR_MS);
  await expect(operator.call("keys.get", { id: key.id })).rejects.toMatchObject({ code: 404 });
});
