import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { problemText } from "../../../../daemon/store/json/problem.ts";
import type { KeptTip } from "../../../../daemon/store/json/tip-check.ts";
import { verifyDirectory } from "../../../../daemon/store/json/verify.ts";
import { LOCAL, PASSWORD, type TestDirectory } from "../../directory/test-directory.ts";
import { unsyncedFiles } from "./intercepted-files.ts";

/** Makes a directory of everything: people, a service, keys, sessions, settings, presence, and what has ended. */
export async function populate(roster: TestDirectory): Promise<void> {
  await roster.user("ada", { password: PASSWORD, roles: ["admin"] });
  await roster.user("ben", { password: PASSWORD, roles: ["viewer"], fullName: "Ben Baker" });
  await roster.user("farm", { type: "service", roles: ["viewer"] });
  await roster.role("printer", ["octoprint:print"]);
  await roster.key("farm");
  const { key } = await roster.key("ben", ["users.read"]);
  await roster.call(LOCAL, "keys.rotate", { id: key.id });
  await roster.login("ben");
  await roster.call(LOCAL, "settings.save", { user: "ben", settings: { studio: { zoom: 2 } } });
  await roster.call(LOCAL, "presence.set", { user: "ben", status: "Out" });
}

/** A copy that the test may spoil. */
export async function copyOf(directory: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "roster-copy-"));
  onTestFinished(() => rm(copy, { recursive: true, force: true }));
  await cp(directory, copy, { recursive: true });
  return copy;
}

/** What `rosterd verify` would print, with names instead of paths. */
export async function problemsIn(directory: string, tip: KeptTip | null = null): Promise<string[]> {
  const { problems } = await verifyDirectory(unsyncedFiles, directory, tip);
  return problems.map((problem) => problemText(problem).replace(`${directory}/`, ""));
}

/** Changes the lines of a file, and leaves what stands behind them. */
export async function editLines(path: string, edit: (lines: string[]) => string[]): Promise<void> {
  const lines = (await readFile(path, "utf8")).split("\n");
  const rest = lines.pop() ?? "";
  await writeFile(
    path,
    edit(lines)
      .map((line) => `${line}\n`)
      .join("") + rest,
  );
}

/** The journal's files, sealed ones included, oldest first. */
export async function journalOf(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true });
  const first = (name: string): number => Number(/journal-(\d+)/.exec(name)?.[1]);
  return names.filter((name) => /journal-\d+\.jsonl$/.test(name)).sort((a, b) => first(a) - first(b));
}
