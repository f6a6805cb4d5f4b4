import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { rows } from "../../daemon/config/resolve.ts";
import { readProjectFile } from "./generated.ts";

const units = {
  "rosterd.service": "docs/systemd/rosterd.service",
  "rosterd.socket": "docs/systemd/rosterd.socket",
};
const service = readProjectFile(units["rosterd.service"]);
const isInstalled = spawnSync("systemd-analyze", ["--version"]).status === 0;
const absent = isInstalled ? "" : " (systemd-analyze is not installed here)";

/** The units beside each other, as systemd would find them. */
function installed(): string[] {
  const directory = mkdtempSync(join(tmpdir(), "roster-units-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return Object.entries(units).map(([name, path]) => {
    const file = join(directory, name);
    // The program need not be installed for its unit to be checked.
    writeFileSync(file, readProjectFile(path).replace(/^ExecStart=.*$/m, "ExecStart=/bin/true"));
    return file;
  });
}

test("the service never forbids memory that is written and run: Node dies under it", () => {
  expect(service).not.toMatch(/^MemoryDenyWriteExecute/m);
  expect(service).toMatch(/^User=roster$/m);
  expect(service).toMatch(/^Type=notify$/m);
});

test("the variables in it are settings that there are", () => {
  const variables = [...service.matchAll(/\b(ROSTER_[A-Z_]+)=/g)].map(([, name]) => name);
  const known = rows.map(({ variable }) => variable);
  expect(variables.length).toBeGreaterThan(4);
  for (const variable of variables) expect([...known, "ROSTER_CONFIG"]).toContain(variable);
});

test.skipIf(!isInstalled)(`systemd understands every line of the units${absent}`, () => {
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", ...installed()], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test.skipIf(!isInstalled)(`systemd finds the service little exposed: at most 2.0 of 10${absent}`, () => {
  const [file = ""] = installed();
  const judge = (path: string) =>
    spawnSync("systemd-analyze", ["security", "--offline=true", "--threshold=20", path], {
      encoding: "utf8",
    });
  const { status, stdout } = judge(file);
  expect(status, stdout).toBe(0);
  writeFileSync(file, "[Service]\nExecStart=/bin/true\n");
  expect(judge(file).status, "and it can find fault").not.toBe(0);
});
