import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { TerminalControl } from "./context.tsx";

/** What ends the process without its `exit` event: the text must not stay behind then either. */
const ENDING: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP"];

/**
 * Lets a person edit `text` with the editor of `$VISUAL` or `$EDITOR` (else `vi`), which gets the terminal meanwhile.
 * The text lies in a file (0600) of a new directory (0700) of its own, and both are gone afterwards.
 * @param name the file's name: its ending tells the editor what it is.
 * @returns the text as it was left.
 * @throws {Failure} when the editor cannot be started or says that it failed; then nothing is taken.
 */
export async function editInEditor(terminal: TerminalControl, text: string, name: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "roster-edit-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  process.once("exit", remove);
  // Before the terminal's own listeners, which end the process.
  for (const signal of ENDING) process.prependListener(signal, remove);
  try {
    const file = join(directory, name);
    await writeFile(file, text, { mode: 0o600 });
    return await terminal.lend(async () => {
      await runEditor(editorCommand(process.env), file);
      return readFile(file, "utf8");
    });
  } finally {
    remove();
    process.off("exit", remove);
    for (const signal of ENDING) process.off(signal, remove);
  }
}

export function editorCommand({ VISUAL, EDITOR }: NodeJS.ProcessEnv): string {
  return VISUAL || EDITOR || "vi";
}

/** By the shell, as git does it: the variable may hold arguments, such as `code --wait`. */
function runEditor(command: string, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-c", `${command} "$1"`, "sh", file], { stdio: "inherit" });
    child.once("error", (error) =>
      reject(new Failure(`The editor (${command}) does not start: ${error.message}`)),
    );
    child.once("close", (status, signal) => {
      if (status === 0) return resolve();
      const how = signal ? `was ended by ${signal}` : howItEnded(status);
      reject(new Failure(`The editor (${command}) ${how}: nothing is taken from it`));
    });
  });
}

/** The shell's own words for a command that it cannot run: 126 and 127 (POSIX). */
function howItEnded(status: number | null): string {
  if (status === 127) return "is not there ($VISUAL or $EDITOR names another)";
  if (status !== null && status > 128) return `was ended by signal ${nameOf(status - 128)}`;
  return `failed with status ${status}`;
}

function nameOf(signal: number): string {
  return Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ?? String(signal);
}
