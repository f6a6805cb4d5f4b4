import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Shell, shells } from "../../tui/commands/completion.ts";
import { Terminal } from "./pty.ts";
import { roster } from "./roster.ts";

/** How each shell is started without the configuration of who runs the tests, and takes the script in. */
const ways: Record<Shell, { args: string[]; load: (script: string) => string }> = {
  bash: { args: ["--norc", "--noprofile", "-i"], load: (script) => `source ${script}` },
  zsh: { args: ["-f", "-i"], load: (script) => `autoload -U compinit; compinit -D; source ${script}` },
  fish: { args: ["--no-config", "-i"], load: (script) => `source ${script}` },
};

/** What is on the line once Tab was pressed after the first of each; the words have one end only. */
const endings: [typed: string, completed: string][] = [
  ["roster des", "roster describe "],
  ["roster describe keys.rot", "roster describe keys.rotate "],
  ["roster watch users set", "roster watch users settings "],
  ["roster completion z", "roster completion zsh "],
  ["roster --key", "roster --key-file "],
  ["roster describe --js", "roster describe --json "],
  ["roster --socket /run/x.sock call keys.l", "roster --socket /run/x.sock call keys.list "],
  ["roster --url ws://127.0.0.1:1 call keys.l", "roster --url ws://127.0.0.1:1 call keys.list "],
  ["roster --socket call call keys.l", "roster --socket call call keys.list "],
  ["roster --socket one-f", "roster --socket one-file.json "],
  ["roster import one-f", "roster import one-file.json "],
  ["roster import --mapping one-f", "roster import --mapping one-file.json "],
  ["roster import --mode u", "roster import --mode upsert "],
  ["roster export --format c", "roster export --format csv "],
];

let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "roster-completion-"));
  mkdirSync(join(directory, "bin"));
  writeFileSync(join(directory, "bin/roster"), "#!/bin/sh\n");
  chmodSync(join(directory, "bin/roster"), 0o755);
  writeFileSync(join(directory, "one-file.json"), "[]");
  for (const shell of shells) {
    const { stdout } = await roster(["completion", shell]);
    writeFileSync(join(directory, `script.${shell}`), stdout);
  }
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each(shells)("in %s", (shell) => {
  const isInstalled = spawnSync(shell, ["-c", "true"]).error === undefined;
  const absent = isInstalled ? "" : ` (${shell} is not installed here)`;

  test.skipIf(!isInstalled)(
    `Tab completes what has one end, and lists what has several${absent}`,
    async () => {
      const { args, load } = ways[shell];
      const terminal = new Terminal({
        command: shell,
        args,
        cwd: directory,
        columns: 100,
        env: { HOME: directory, PATH: `${join(directory, "bin")}:${process.env.PATH}`, PS1: "> " },
      });
      try {
        terminal.type(`${load(`script.${shell}`)}; echo rea''dy\r`);
        await terminal.shows("ready");
        for (const [typed, completed] of endings) {
          terminal.type(`${typed}\t!`);
          await terminal.shows(`${completed}!`);
          terminal.clear();
          await terminal.hides(completed);
        }
        terminal.type("roster call users.res\t\t");
        await terminal.shows(/users\.resetPassword\s+.*users\.restore/s);
      } finally {
        await terminal.end();
      }
    },
  );
});

test("an unknown shell is refused with those there are", async () => {
  const { status, stderr } = await roster(["completion", "tcsh"]);
  expect(status).toBe(2);
  expect(stderr).toContain("bash, zsh, fish");
});
