import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = [
  "protocol",
  "daemon",
  "tui",
  "package-lock.json",
  "rolldown.config.ts",
  "tsconfig.build.json",
];
/** What the build writes last. */
const built = join(root, "dist/protocol/index.js");

/** Builds, if something changed since, so that tests which start the real programs start what is in the sources. */
export default function build(): void {
  const at = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (sources.every((source) => changedAt(join(root, source)) < at)) return;
  const { status, stdout, stderr } = spawnSync("npm", ["run", "build"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`The build failed:\n${stdout}${stderr}`);
}

/** When the file, or anything in the directory, was last changed; what was removed changed its directory. */
function changedAt(path: string): number {
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  return Math.max(own.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}
