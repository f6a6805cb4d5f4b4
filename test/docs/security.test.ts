import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { Program } from "../e2e/program.ts";
import { rosterCall } from "../e2e/roster.ts";
import { readProjectFile } from "./generated.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const promises = readProjectFile("docs/security.md")
  .split("## What holds")[1]
  ?.split("\n- ")
  .slice(1)
  .map((promise) => ({
    says: promise.slice(0, promise.indexOf("`test/")).replace(/\s+/g, " ").trim(),
    tests: [...promise.matchAll(/`(test\/[^`]+)` "([^"]+)"/g)].map(([, file = "", name = ""]) => ({
      file,
      name,
    })),
  }));

test.each(promises ?? [])("there are the tests that hold: $says", ({ tests }) => {
  expect(tests).not.toEqual([]);
  for (const { file, name } of tests) {
    expect(existsSync(join(root, file)), file).toBe(true);
    const source = readFileSync(join(root, file), "utf8");
    // Its name stands first in the call of `test`, `it`, or what `test.each(…)` and `test.skipIf(…)` answer.
    const begins = new RegExp(`(?:\\btest|\\bit|\\))\\(\\s*["\`]${escaped(name)}`).test(source);
    expect(begins, `${file} has no test "${name}"`).toBe(true);
  }
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

test("the page has a promise for every part", () => {
  expect(promises?.length).toBeGreaterThan(25);
});

test("the daemon runs where prototypes are out of reach and no code is made from strings", async () => {
  const data = mkdtempSync(join(tmpdir(), "roster-proto-"));
  onTestFinished(() => rmSync(data, { recursive: true }));
  const flags = ["--disable-proto=throw", "--disallow-code-generation-from-strings"];
  const argv = [...flags, join(root, "dist/daemon/main.js"), "--data", data, "--listen", "off"];
  const daemon = new Program(process.execPath, argv, { env: { HOME: data } });
  onTestFinished(() => void daemon.process.kill("SIGKILL"));
  await daemon.says(/"msg":"ready"/);
  const socket = join(data, "rosterd.sock");
  await rosterCall(socket, "users.create", { username: "mia", generatePassword: true });
  expect(await rosterCall(socket, "users.list")).toMatchObject({ total: 1 });
  expect(await daemon.end("SIGTERM")).toMatchObject({ status: 0 });
});

test("the digests of presented secrets are compared in constant time, and nowhere in another way", () => {
  expect(readProjectFile("daemon/directory/secrets.ts")).toMatch(/return .*timingSafeEqual\(\w+, \w+\);/);
  const rules = sources().filter(([path]) => path.startsWith("daemon/directory/"));
  expect(rules.filter(([, text]) => /\.hash\b *[!=]==|[!=]== *[\w.]*\.hash\b/.test(text))).toEqual([]);
});

test("ws is none of those that its advisories name: 8.23.0 or later, as it is built in", () => {
  const [, major, minor] = /^ws (\d+)\.(\d+)\./m.exec(readProjectFile("dist/daemon/LICENSES.txt")) ?? [];
  expect([major, Number(minor) >= 23]).toEqual(["8", true]);
  const { packages } = JSON.parse(readProjectFile("package-lock.json"));
  expect(packages["node_modules/ws"].version).toMatch(new RegExp(`^${major}\\.${minor}\\.`));
});

test("no code is made from strings, and other programs are started in three places: a daemon, an editor, systemd-notify", () => {
  const starting = sources().filter(([, text]) => text.includes("node:child_process"));
  expect(starting.map(([path]) => path).sort()).toEqual([
    "daemon/service-manager.ts",
    "tui/commands/daemon-process.ts",
    "tui/terminal/editor.ts",
  ]);
  expect(sources().filter(([, text]) => /\beval\(|new Function\(|node:vm/.test(text))).toEqual([]);
});

function sources(): [path: string, text: string][] {
  return ["protocol", "daemon", "tui"].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name): [string, string] => [`${room}/${name}`, readFileSync(join(root, room, name), "utf8")]),
  );
}
