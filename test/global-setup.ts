import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Builds once, so that tests which start the real programs start what is in the sources. */
export default function build(): void {
  const { status, stdout } = spawnSync("node_modules/.bin/tsc", ["-p", "tsconfig.build.json"], {
    cwd: root,
    encoding: "utf8",
  });
  // Types are the check's business (`npm run check`), and tsc builds in spite of them.
  if (status === null || /error TS5\d{3}/.test(stdout)) throw new Error(`The build failed:\n${stdout}`);
}
