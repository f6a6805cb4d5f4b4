import { chmod, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createClient } from "../../protocol/index.ts";
import { connector } from "../../tui/connect.ts";
import { openTuiWith, password, sizes, startDirectory } from "./directory.ts";

test.each(sizes)("presence, sessions and history are tabs of a user at $columns x $rows", async (size) => {
  const { daemon } = await startDirectory();
  const browser = createClient({
    connect: connector({ kind: "url", url: new URL("/rpc", daemon.url).href }),
    reconnect: "never",
  });
  onTestFinished(() => browser.close());
  await browser.online();
  await browser.call("auth.login", { username: "ada", password });

  const terminal = openTuiWith({ args: ["--socket", daemon.socket], ...size });
  await terminal.shows("1 user");
  terminal.press("open");
  await terminal.shows("ada › Profile");
  terminal.press("nextTab", "nextTab", "nextTab");
  await terminal.shows(/Status\s+Available/);
  terminal.press("nextTab");
  await terminal.shows(/127\.0\.0\.1\s+(now|\d+s ago)/);
  terminal.press("endSession");
  await terminal.shows("End the session of ada that began");
  terminal.press("nextButton", "press");
  await terminal.shows("1 session of ada ended");
  await terminal.shows("ada is signed in nowhere.");
  await expect(browser.call("users.get", {})).rejects.toThrow();

  terminal.press("nextTab");
  await terminal.shows(/user\.created/);
  terminal.press("last", "open");
  await terminal.shows(/Entry › user\.created #\d+/);
  await terminal.shows("Ada Lovelace");
});

test("an account is given an end, deleted, found again, restored, and at last removed for good", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.create", { username: "grace" });
  const terminal = openTuiWith({ args: ["--socket", daemon.socket], env: { TZ: "Asia/Tokyo" } });
  await terminal.shows("2 users");
  terminal.press("last", "open");
  await terminal.shows("Users › grace › Profile");
  terminal.press("edit");
  await terminal.shows("for ever; or 90d");
  terminal.press("previousField");
  terminal.type("2999-01-31 08:00");
  await terminal.shows("= 2999-01-30 23:00 UTC");
  terminal.press("submit");
  await terminal.shows(/Valid until\s+2999-01-30 23:00 UTC/);
  expect(await tool.call("users.get", { user: "grace" })).toMatchObject({
    validUntil: "2999-01-30T23:00:00.000Z",
  });

  terminal.press("remove");
  await terminal.shows("Delete grace?");
  terminal.type("grace");
  terminal.press("nextButton", "nextButton", "press");
  await terminal.shows("x restore");
  terminal.press("back");
  await terminal.shows("1 user");
  terminal.press("filter");
  terminal.type("deleted:yes\r");
  await terminal.shows(/› deleted\s+grace/);
  terminal.press("restore");
  await terminal.shows("grace is back, disabled");
  expect(await tool.call("users.get", { user: "grace" })).toMatchObject({ active: false, deletedAt: null });

  await tool.call("users.delete", { user: "grace" });
  await terminal.shows(/› deleted\s+grace/);
  terminal.press("purge");
  await terminal.shows("Remove grace for good?");
  terminal.type("grace");
  terminal.press("nextButton", "nextButton", "press");
  await terminal.shows("Nothing matches.");
  await expect(tool.call("users.get", { user: "grace" })).rejects.toMatchObject({ code: 404 });
});

test("settings go through one's own editor: a mistake loses nothing, and no file stays behind", async () => {
  const { daemon, tool } = await startDirectory();
  const editor = join(daemon.directory, "editor");
  await writeFile(
    editor,
    '#!/bin/sh\nprintf "editing %s\\n" "$(cat "$1")"\nread typed\nprintf "%s" "$typed" >"$1"\n',
  );
  await chmod(editor, 0o700);
  const temporary = daemon.directory;
  const terminal = openTuiWith({
    args: ["--socket", daemon.socket],
    env: { VISUAL: "", EDITOR: editor, TMPDIR: temporary },
  });
  await terminal.shows("1 user");
  terminal.press("open");
  await terminal.shows("ada › Profile");
  terminal.press("nextTab", "nextTab");
  await terminal.shows('"studio": {}');
  terminal.press("openEditor");
  await terminal.shows(/editing \{\s+"studio": \{\}/);
  terminal.type('{"dark": yes}\r');
  await terminal.shows("Line 1, column 10: Unexpected token 'y'");
  expect(terminal.text()).toContain('{"dark": yes}');

  terminal.press("editor");
  await terminal.shows('editing {"dark": yes}');
  terminal.type('{"dark": true}\r');
  await terminal.shows(/Settings › Edit[\s\S]*\{"dark": true\}/);
  terminal.press("save");
  await terminal.shows('"dark": true');
  await terminal.shows(/ada › Settings {2}/);
  expect(await tool.call("settings.get", { user: "ada" })).toMatchObject({ settings: { dark: true } });
  expect((await readdir(temporary)).filter((name) => name.startsWith("roster-edit-"))).toEqual([]);
});
