import { spawnSync } from "node:child_process";
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createLog, logLevels } from "../../daemon/log.ts";

const program = fileURLToPath(new URL("../../dist/daemon/main.js", import.meta.url));

function written(journal: boolean): string[] {
  const lines: string[] = [];
  const output = { write: (line: string) => lines.push(line) } as unknown as NodeJS.WriteStream;
  const log = createLog("trace", output, { journal });
  for (const level of logLevels) if (level !== "silent") log[level]({ password: "hunter2" }, `at ${level}`);
  return lines;
}

test("for the journal each line begins with its priority, as syslog numbers them", () => {
  expect(written(true).map((line) => line.slice(0, 18))).toEqual([
    '<7>{"level":"trace',
    '<7>{"level":"debug',
    '<6>{"level":"info"',
    '<4>{"level":"warn"',
    '<3>{"level":"error',
    '<2>{"level":"fatal',
  ]);
  expect(written(true).map((line) => JSON.parse(line.slice(3)).password)).toEqual(
    Array(6).fill("[redacted]"),
  );
});

test("elsewhere each line is JSON and nothing more", () => {
  expect(written(false).map((line) => JSON.parse(line).msg)).toHaveLength(6);
});

test("what a stranger sends stays within its line, and steers no terminal that shows the log", () => {
  const hostile = 'a\u001b[2J\u009b2J\u202e\u2028\r\n{"level":"fatal"} %s %j';
  const lines = (isTTY: boolean): string => {
    let all = "";
    const write = (line: string) => {
      all += line;
    };
    const log = createLog("info", { isTTY, write } as unknown as NodeJS.WriteStream);
    log.info({ reason: hostile, err: new Error(hostile) }, "Refused a connection");
    return all;
  };
  expect(lines(false).trimEnd().split("\n")).toHaveLength(1);
  expect(JSON.parse(lines(false))).toMatchObject({ reason: hostile, msg: "Refused a connection" });
  const shown = lines(true);
  expect(shown.replaceAll("\n", "").replace(/\x1b\[\d+m/g, "")).not.toMatch(
    /[\p{Cc}\p{Bidi_Control}\u2028]/u,
  );
  expect(shown).toContain("a\\u001b[2J\\u009b2J\\u202e");
});

test.each([
  ["the journal's own stream", (dev: number, ino: number) => `${dev}:${ino}`, /^<2>\{"level":"fatal"/],
  ["another stream, for standard output was redirected", () => "1:1", /^\{"level":"fatal"/],
])("$JOURNAL_STREAM names %s", (_name, journalStream, line) => {
  const directory = mkdtempSync(join(tmpdir(), "roster-log-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "journal");
  const descriptor = openSync(file, "w");
  const { dev, ino } = fstatSync(descriptor);
  // A data directory that is a file is the quickest way to one line.
  const argv = [program, "--data", file, "--listen", "127.0.0.1:0"];
  spawnSync(process.execPath, argv, {
    env: { JOURNAL_STREAM: journalStream(dev, ino) },
    stdio: ["ignore", descriptor, "inherit"],
  });
  closeSync(descriptor);
  expect(readFileSync(file, "utf8")).toMatch(line);
});
