import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Terminal } from "../e2e/pty.ts";
import { readProjectFile } from "./generated.ts";

const NAMED = /^(?:Enter|Esc|Tab|Down|Ctrl-C)$/;

interface Line {
  press: string[];
  see: string[];
}

/** The rows of the tour's tables: what stands in backticks at the left and at the right. */
function linesOfTheTour(): Line[] {
  const rows = readProjectFile("docs/tour.md").matchAll(/^\|(?! press| ---)(.*)\|(.*)\|$/gm);
  return [...rows].map(([, press = "", see = ""]) => ({ press: inBackticks(press), see: inBackticks(see) }));
}

function inBackticks(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
}

test("the tour leads where it says, from an empty directory to the end", { timeout: 120_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "roster-tour-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const env = { ROSTER_DATA: join(directory, "data"), ROSTER_LISTEN: "127.0.0.1:0", ROSTER_SOCKET: "" };
  const terminal = new Terminal({ args: ["start"], env });
  onTestFinished(() => terminal.end());

  for (const { press, see } of linesOfTheTour()) {
    for (const key of press) {
      if (NAMED.test(key)) terminal.pressKey(key);
      else terminal.type(key);
    }
    for (const text of see) await terminal.shows(text);
  }
  await terminal.ends();
  expect(await terminal.exited).toBe(0);
});
