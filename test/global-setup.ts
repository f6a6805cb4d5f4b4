import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = [
  "protocol",
  "daemon",
  "tui",
  "package-lock.json",
  "rolldown.config.ts",
  "tsconfig.build.json",
];
const faultsSource = "test/faults/rosterd.ts";

/** Builds, if something changed since, so that tests which start the real programs start what is in the sources. */
export default async function buildPrograms(): Promise<void> {
  // What the build writes last.
  if (!isBuilt("dist/protocol/index.js", sources)) {
    const { status, stdout, stderr } = spawnSync("npm", ["run", "build"], { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(`The build failed:\n${stdout}${stderr}`);
  }
  if (!isBuilt("dist/faults/rosterd.js", [...sources, faultsSource])) {
    const output = { dir: "dist/faults", codeSplitting: false };
    await build({ cwd: root, input: faultsSource, platform: "node", output, logLevel: "warn" });
  }
}

function isBuilt(built: string, from: readonly string[]): boolean {
  const at = statSync(join(root, built), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return from.every((source) => changedAt(join(root, source)) < at);
}

/** When the file, or anything in the directory, was last changed; what was removed changed its directory. */
function changedAt(path: string): number {
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  return Math.max(own.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}
