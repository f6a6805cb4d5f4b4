import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTerminal } from "./terminal-process.ts";

/** Shows `…` at a key, and its answer after a silence that is longer than between two frames; ends at `q`. */
const program = `
process.stdin.setRawMode(true).on("data", (keys) => {
  if (String(keys) === "q") process.exit();
  process.stdout.write("\\r…");
  setTimeout(() => process.stdout.write("\\r12 keys"), 200);
});
process.stdout.write("ready");
`;
const size = { columns: 20, rows: 4 };
let directory: string;
let script: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "terminal-"));
  script = join(directory, "program.mjs");
  await writeFile(script, program);
});

afterAll(() => rm(directory, { recursive: true }));

test("a key counts until its answer, however long nothing comes before that", async () => {
  const terminal = startTerminal(script, [], size);
  await terminal.shows(/ready/);
  const { bytes } = await terminal.press("j", (screen) => /^\d+ keys/.test(screen));
  expect(bytes).toBe(Buffer.byteLength("\r…\r12 keys"));
  await terminal.end();
});

test("a key at which the program ends is no answered one", async () => {
  const terminal = startTerminal(script, [], size);
  await terminal.shows(/ready/);
  await expect(terminal.press("q", (screen) => /^\d+ keys/.test(screen))).rejects.toThrow("ended");
});
