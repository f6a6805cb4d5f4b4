import { expect, test } from "vitest";
import { startTestDaemon } from "./start-daemon.ts";

const password = "correct horse battery staple";

test("the board moves live for who may read it, and one's own entry for everybody", async () => {
  const daemon = await startTestDaemon();
  const operator = await daemon.operator();
  for (const [username, roles] of [
    ["ada", []],
    ["vic", ["viewer"]],
  ] as const) {
    await operator.call("users.create", { username, password, mustChangePassword: false, roles: [...roles] });
  }
  const [ada, vic] = [await daemon.stranger(), await daemon.stranger()];
  await ada.call("auth.login", { username: "ada", password });
  await vic.call("auth.login", { username: "vic", password });
  for (const client of [ada, vic]) await client.call("events.subscribe", { topics: ["presence"] });

  await vic.call("presence.set", { status: "At Lunch", message: "Soup" });
  const own = await ada.call("presence.set", { status: "Meeting" });
  expect(await vic.event()).toMatchObject({ type: "presence.set", subject: { name: "vic" } });
  expect(await vic.event()).toMatchObject({ type: "presence.set", data: { presence: own } });
  // The first that comes to who may not read the board is their own: the other one was never sent.
  expect(await ada.event()).toMatchObject({ type: "presence.set", subject: { name: "ada" } });
  await expect(ada.call("presence.list", {})).rejects.toMatchObject({ code: 403 });
  expect(await vic.call("presence.list", {})).toMatchObject({
    items: [
      { username: "ada", status: "Meeting" },
      { username: "vic", status: "At Lunch" },
    ],
    total: 2,
  });
});
