import { expect, test } from "vitest";
import { openTui, openTuiWith, sizes, startDirectory } from "./directory.ts";

test.each(sizes)(
  "a role is made, seen in the matrix, looked for and deleted at $columns x $rows",
  async (size) => {
    const { daemon, tool } = await startDirectory();
    const terminal = openTuiWith({ args: ["--socket", daemon.socket], ...size });
    await terminal.shows("1 user");
    terminal.press("palette");
    terminal.type("roles\r");
    await terminal.shows("4 roles");
    terminal.press("create");
    await terminal.shows(/\[ \] users\.read\s+See users and roles/);
    terminal.fill("printer", "Runs the printer");
    terminal.press("nextField", "mark", "nextField");
    terminal.type("octoprint:print");
    terminal.press("submit");
    await terminal.shows(/Roles › printer {2}/);
    await terminal.shows(/octoprint:print\s+An application's own/);
    expect((await tool.call("roles.list", {})).items).toContainEqual(
      expect.objectContaining({ name: "printer", permissions: ["octoprint:print", "users.read"] }),
    );

    await tool.call("users.create", { username: "robot", type: "service", roles: ["printer"] });
    await terminal.shows(/Users\s+1, deleted/);
    terminal.press("remove");
    await terminal.shows("1 user has the role printer (deleted ones count): w shows who");
    terminal.press("holders");
    await terminal.shows("Filter: role:printer");
    await terminal.shows(/› active\s+robot/);
    await tool.call("users.update", { user: "robot", changes: { roles: [] } });
    await terminal.shows("Nothing matches.");
    terminal.press("clear", "back");

    await terminal.shows(/Users\s+0/);
    terminal.press("remove");
    await terminal.shows("Delete the role printer?");
    terminal.press("nextButton", "press");
    await terminal.shows("4 roles");
    terminal.press("matrix");
    await terminal.shows(/audit\.read\s+yes\s+-\s+-\s+-/);
    terminal.press("nextRole", "nextRole");
    await terminal.shows("3 of 4 roles");
    expect(terminal.text()).not.toContain("octoprint");
  },
);

test("two people who edit the same role see both versions, and both changes can be kept", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("roles.create", { name: "printer", permissions: ["users.read"] });
  const terminal = openTui("--socket", daemon.socket);
  await terminal.shows("1 user");
  terminal.press("palette");
  terminal.type("roles\r");
  await terminal.shows("5 roles");
  terminal.press("filter");
  terminal.type("printer\r");
  await terminal.shows(/› printer/);
  terminal.press("edit");
  await terminal.shows("[x] users.read");
  terminal.press("nextField");
  terminal.type("Mine");
  await tool.call("roles.update", { name: "printer", changes: { permissions: ["audit.read"] } });
  terminal.press("submit");
  await terminal.shows("Somebody changed printer meanwhile");
  await terminal.shows(/Description\s+Mine\s+-/);
  await terminal.shows(/users\.read\s+yes\s+no/);
  terminal.press("down", "choose");
  await terminal.shows(/Roles › printer {2}/);
  expect((await tool.call("roles.list", {})).items).toContainEqual(
    expect.objectContaining({ name: "printer", description: "Mine", permissions: ["audit.read"] }),
  );
});
