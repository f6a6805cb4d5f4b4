import { expect, test } from "vitest";
import { openTui, openTuiWith, password, sizes, startDirectory } from "./directory.ts";

test.each(sizes)(
  "the board moves live, and places are said and cleared at $columns x $rows",
  async (size) => {
    const { daemon, tool } = await startDirectory();
    await tool.call("users.create", { username: "grace", fullName: "Grace Hopper" });
    const terminal = openTuiWith({ args: ["--socket", daemon.socket], ...size, env: { TZ: "UTC" } });
    await terminal.shows("2 users");
    terminal.press("palette");
    terminal.type("presence\r");
    await terminal.shows("2 people");
    await terminal.shows(/grace\s+Grace Hopper\s+Available\s+-/);

    await tool.call("presence.set", { user: "grace", status: "At Lunch", message: "noodles" });
    await terminal.shows(/grace\s+Grace Hopper\s+At Lunch\s+-\s+noodles/);
    terminal.press("last", "setPresence");
    await terminal.shows("Presence › grace");
    await terminal.shows("At Lunch");
    terminal.press("nextField");
    terminal.clear();
    terminal.fill("vacation", "2999-01-31 09:00");
    await terminal.shows("= 2999-01-31 09:00 UTC");
    terminal.press("earlier");
    await terminal.shows("= 2999-01-31 08:55 UTC");
    terminal.press("submit");
    await terminal.shows(/grace\s+Grace Hopper\s+At Lunch\s+2999-01-31\s+vacation/);
    expect((await tool.call("users.get", { user: "grace" })).status).toMatchObject({
      message: "vacation",
      returnAt: "2999-01-31T08:55:00.000Z",
    });
    terminal.press("clearPresence");
    await terminal.shows(/grace\s+Grace Hopper\s+Available\s+-/);
  },
);

test("whoever may only read the board says where they are themselves, and nothing of others", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.create", {
    username: "vera",
    password,
    roles: ["viewer"],
    mustChangePassword: false,
  });
  const terminal = openTui("--url", daemon.url);
  await terminal.shows("User name");
  terminal.fill("vera", password);
  terminal.press("signIn");
  await terminal.shows("2 users");
  terminal.press("palette");
  terminal.type("presence\r");
  await terminal.shows(/› ada/);
  terminal.press("setPresence");
  await terminal.shows("e (say where) needs presence.manage, which you do not hold");
  terminal.press("ownPresence");
  await terminal.shows(/Status\s+‹ Available ›/);
  terminal.press("nextOption", "submit");
  await terminal.shows(/vera\s+Away From Desk/);
  expect((await tool.call("users.get", { user: "vera" })).status).toMatchObject({ status: "Away From Desk" });
});
