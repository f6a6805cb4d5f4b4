import { expect, test } from "vitest";
import { FakeDaemon } from "../fake-daemon.ts";
import { idOf, openApp, pageOf, roles, userOf } from "./open-app.tsx";

test("a screen under another one reads nothing, and reads anew when it is shown again", async () => {
  let fullName = "Before";
  const daemon = new FakeDaemon({
    "users.list": () => pageOf([userOf(1)]),
    "users.get": () => userOf(1, { fullName }),
    "roles.list": () => pageOf(roles),
  });
  const app = openApp(daemon);
  await app.shows("1 user");
  app.press("enter");
  await app.shows("Before");
  app.type("e");
  await app.shows("Theme");
  const read = daemon.asked("users.get").length;
  const roleReadings = daemon.asked("roles.list").length;
  fullName = "After";
  daemon.emit("user.updated", { kind: "user", id: idOf(1), name: "user-1" });
  // The form on top hears of it as soon as what is under it would.
  await expect.poll(() => daemon.asked("roles.list").length).toBeGreaterThan(roleReadings);
  expect(daemon.asked("users.get")).toHaveLength(read);
  app.press("escape");
  await app.shows("After");
  expect(daemon.asked("users.get")).toHaveLength(read + 1);
});
