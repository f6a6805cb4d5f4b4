import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The packages that the built files of a directory import. */
function importedBy(directory: string): string[] {
  const files = readdirSync(join(root, directory)).filter((name) => name.endsWith(".js"));
  const sources = files.map((name) => readFileSync(join(root, directory, name), "utf8"));
  const specifiers = sources.flatMap((source) =>
    [...source.matchAll(/^(?:import|export)\b(?:[^;"'=(]*?\bfrom)?\s*["']([^"']+)["']/gm)].map(
      ([, name = ""]) => name,
    ),
  );
  return [...new Set(specifiers)].filter((name) => !isBuiltin(name) && !name.startsWith(".")).sort();
}

test("the package depends on what the contract's client imports, and on nothing else", () => {
  expect(importedBy("dist/protocol")).toEqual(Object.keys(manifest.dependencies).sort());
});

describe.each(["daemon", "tui"])("the program of %s", (program) => {
  test("contains all that it needs, devtools that nobody loads excepted", () => {
    const imported = importedBy(`dist/${program}`).filter((name) => name !== "react-devtools-core");
    expect(imported).toEqual([]);
  });

  test("carries the licences of what it contains", () => {
    const licences = readFileSync(join(root, `dist/${program}/LICENSES.txt`), "utf8");
    for (const name of ["ws", "commander", "zod"]) expect(licences).toMatch(new RegExp(`^${name} \\d`, "m"));
    expect(licences).toContain("Permission is hereby granted");
  });
});

test("what is packed is built, documented and small", () => {
  const { stdout } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
  });
  const [{ files, size }] = JSON.parse(stdout);
  const paths: string[] = files.map(({ path }: { path: string }) => path);
  for (const path of [
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "dist/daemon/main.js",
    "dist/tui/main.js",
    "dist/protocol/index.js",
    "dist/protocol/index.d.ts",
    "docs/protocol.md",
    "docs/configuration.md",
    "docs/systemd/rosterd.service",
    "docs/prometheus/rules.yml",
  ]) {
    expect(paths).toContain(path);
  }
  expect(paths.filter((path) => /^(test|daemon|tui|protocol|node_modules)\//.test(path))).toEqual([]);
  expect(size, "bytes of the tarball").toBeLessThan(3_000_000);
  for (const path of Object.values<string>(manifest.bin)) expect(existsSync(join(root, path))).toBe(true);
});
