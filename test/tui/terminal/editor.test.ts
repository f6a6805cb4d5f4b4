import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { TerminalControl } from "../../../tui/terminal/context.tsx";
import { editInEditor, editorCommand } from "../../../tui/terminal/editor.ts";

let directory: string;

const terminal = { lend: vi.fn((work: () => Promise<unknown>) => work()) } as unknown as TerminalControl;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "roster-editor-"));
  vi.stubEnv("VISUAL", "");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

/** Makes a script the editor; it tells in `seen` what it was given. */
async function editorOf(script: string): Promise<{ seen(): Promise<string> }> {
  const [file, seen] = [join(directory, "editor"), join(directory, "seen")];
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o700);
  vi.stubEnv("EDITOR", file);
  vi.stubEnv("SEEN", seen);
  return { seen: () => readFile(seen, "utf8") };
}

it("gives the editor the text in a file that nobody else can read, and takes what it leaves", async () => {
  const { seen } = await editorOf(
    'ls -ld "$(dirname "$1")" | cut -c1-10 >"$SEEN"; ls -l "$1" | cut -c1-10 >>"$SEEN"; echo "$1" >>"$SEEN"; echo more >>"$1"',
  );
  expect(await editInEditor(terminal, "text\n", "settings.json")).toBe("text\nmore\n");
  const [folder, mode, file = ""] = (await seen()).split("\n");
  expect([folder, mode]).toEqual(["drwx------", "-rw-------"]);
  expect(file).toMatch(/settings\.json$/);
  await expect(stat(dirname(file))).rejects.toThrow("ENOENT");
  expect(terminal.lend).toHaveBeenCalledOnce();
});

it("takes nothing from an editor that fails, and leaves no file", async () => {
  const { seen } = await editorOf('echo "$1" >"$SEEN"; echo lost >"$1"; exit 3');
  await expect(editInEditor(terminal, "text", "settings.json")).rejects.toThrow(
    /failed with status 3: nothing is taken/,
  );
  await expect(stat(dirname((await seen()).trim()))).rejects.toThrow("ENOENT");
});

it("says so when a signal ends the editor", async () => {
  await editorOf("kill -KILL $$");
  await expect(editInEditor(terminal, "text", "settings.json")).rejects.toThrow("was ended by");
});

it("says which editor is not there, and where another is named", async () => {
  vi.stubEnv("EDITOR", "no-such-editor");
  await expect(editInEditor(terminal, "text", "settings.json")).rejects.toThrow(
    "The editor (no-such-editor) is not there ($VISUAL or $EDITOR names another)",
  );
});

it("leaves the process no listener more", async () => {
  const before = process.listenerCount("SIGTERM") + process.listenerCount("exit");
  await editorOf("true");
  await editInEditor(terminal, "text", "settings.json");
  expect(process.listenerCount("SIGTERM") + process.listenerCount("exit")).toBe(before);
});

it("asks $VISUAL first, then $EDITOR, then vi", () => {
  expect(editorCommand({ VISUAL: "code --wait", EDITOR: "nano" })).toBe("code --wait");
  expect(editorCommand({ VISUAL: "", EDITOR: "nano" })).toBe("nano");
  expect(editorCommand({})).toBe("vi");
});
