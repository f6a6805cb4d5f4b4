import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Daemon } from "./daemon.ts";
import { connect, startDaemon } from "./directory.ts";
import { roster } from "./roster.ts";

let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "roster-transfer-"));
});

afterAll(() => rmSync(scratch, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

function run(daemon: Daemon, ...args: string[]) {
  return roster(["--socket", daemon.socket, ...args]);
}

async function exported(daemon: Daemon, format: string): Promise<string> {
  const { status, stdout, stderr } = await run(daemon, "export", "--format", format);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

async function usernames(daemon: Daemon): Promise<string[]> {
  const users = JSON.parse(await exported(daemon, "json"));
  return users.map(({ username }: { username: string }) => username).sort();
}

async function populated(): Promise<Daemon> {
  const daemon = await startDaemon();
  const tool = await connect(daemon);
  const users = Array.from({ length: 700 }, (_, at) => ({
    username: `user-${at}`,
    fullName: at % 7 === 0 ? `=cmd|${at}` : `Üser "${at}",\u00a0x`,
    type: at % 10 === 0 ? "service" : "normal",
    roles: at % 2 === 0 ? ["viewer", "designer"] : [],
    active: at % 3 !== 0,
    theme: "light",
    presence: at % 5 !== 0,
    settings: { studio: { at, list: [null, { deep: "\u202e\u001b[31m" }] } },
    ...(at % 4 === 0 && { validUntil: "2031-01-01T00:00:00.000Z" }),
  }));
  await tool.call("users.import", { users: users.slice(0, 500), mode: "create" });
  await tool.call("users.import", { users: users.slice(500), mode: "create" });
  const password = "correct horse battery staple";
  await tool.call("users.create", { username: "ada", password, roles: ["admin"] });
  return daemon;
}

test("an export imported into an empty directory gives equal users, in every format; again, nothing changes", async () => {
  const source = await populated();
  const lines = (text: string) => text.trim().split("\n").sort();
  const original = lines(await exported(source, "jsonl"));
  expect(original).toHaveLength(701);
  for (const format of ["json", "jsonl", "csv"]) {
    const saved = file(`users.${format}`, await exported(source, format));
    const target = await startDaemon();
    const first = await run(target, "import", saved);
    expect(first.stderr).toContain("done: 701 created, 0 updated, 0 unchanged, 0 failed");
    expect(first.stdout).toBe("ada\n");
    expect(first.status).toBe(0);
    const unlessPassword = (line: string) => line.replace('"hasPassword":true', '"hasPassword":false');
    expect(lines(await exported(target, "jsonl"))).toEqual(original.map(unlessPassword).sort());
    const again = await run(target, "import", saved, "--mode", "upsert");
    expect(again.stderr).toContain("done: 0 created, 0 updated, 701 unchanged, 0 failed");
    await target.remove();
  }
});

test("nothing on a terminal obeys what an export prints, and a spreadsheet runs none of it", async () => {
  const source = await populated();
  const csv = await exported(source, "csv");
  expect(csv).toContain("'=cmd|7");
  for (const text of [csv, await exported(source, "json")]) expect(text).not.toMatch(/[\u001b\u202e]/);
});

test("one bad row keeps a whole file out, and each is told with file and line; partial takes the others", async () => {
  const daemon = await startDaemon();
  const rows = Array.from({ length: 600 }, (_, at) => JSON.stringify({ username: `u${at}` }));
  rows[599] = '{"username":"u599","roles":["welder"]}';
  rows.push('{"username":"U0"}');
  const path = file("bad.jsonl", rows.join("\n"));
  const whole = await run(daemon, "import", path);
  expect({ status: whole.status, stdout: whole.stdout }).toEqual({ status: 1, stdout: "" });
  expect(whole.stderr).toContain(`${path}, line 600 (u599): roles: 0: there is no role welder`);
  expect(whole.stderr).toContain(`${path}, line 601 (u0): the same user stands at line 1`);
  expect(whole.stderr).toContain("2 rows cannot be imported, so nothing was changed");
  expect(await usernames(daemon)).toEqual([]);
  const partial = await run(daemon, "import", path, "--partial");
  expect(partial.status).toBe(1);
  expect(partial.stderr).toContain("done: 599 created, 0 updated, 0 unchanged, 2 failed");
  expect(await usernames(daemon)).toHaveLength(599);
});

test("a dry run changes nothing and says what would be", async () => {
  const daemon = await startDaemon();
  const path = file("dry.csv", "username,roles\nann,admin\n");
  const { status, stderr, stdout } = await run(daemon, "import", path, "--dry-run");
  expect({ status, stdout }).toEqual({ status: 0, stdout: "ann\n" });
  expect(stderr).toContain("this would be: 1 created");
  expect(await usernames(daemon)).toEqual([]);
});

test("groups of another system stop at roles that do not exist, and go by the mapping once it is edited", async () => {
  const daemon = await startDaemon();
  const users = file(
    "answer.json",
    JSON.stringify([
      { _id: "1", username: "lena", roles: ["Admin", "Editor"], settings: { studio: { x: 1 } } },
    ]),
  );
  const stopped = await run(daemon, "import", users);
  expect(stopped.status).toBe(1);
  expect(stopped.stderr).toMatch(
    /^roster: the role editor of the mapping does not exist: [^\n]+nothing was changed\n$/,
  );
  const mapping = JSON.parse(stopped.stdout);
  expect(mapping).toEqual({ Admin: ["admin"], Editor: ["editor"] });
  expect(await usernames(daemon)).toEqual([]);
  const edited = file("mapping.json", JSON.stringify({ ...mapping, Editor: ["designer"] }));
  const done = await run(daemon, "import", users, "--mapping", edited);
  expect({ status: done.status, stdout: done.stdout }).toEqual({ status: 0, stdout: "lena\n" });
  const [lena] = JSON.parse(await exported(daemon, "json"));
  expect(lena).toMatchObject({
    roles: ["admin", "designer"],
    settings: { studio: { x: 1 } },
    hasPassword: false,
  });
});

test("OctoPrint's users.yaml comes in at once where its groups are known, with the mapping shown", async () => {
  const daemon = await startDaemon();
  const yaml =
    "lena:\n  active: true\n  groups: [admins]\n  password: canary\nbo:\n  active: false\n  groups: [users]\n";
  const { status, stdout, stderr } = await run(daemon, "import", file("users.yaml", yaml));
  expect({ status, stdout }).toEqual({ status: 0, stdout: "lena\nbo\n" });
  expect(stderr).toContain('"admins": [\n    "admin"\n  ]');
  const users = JSON.parse(await exported(daemon, "json"));
  expect(users).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ username: "lena", roles: ["admin"], active: true }),
      expect.objectContaining({ username: "bo", roles: ["viewer"], active: false }),
    ]),
  );
});

test("an interrupted import goes on where it was by an upsert", async () => {
  const daemon = await startDaemon();
  const rows = Array.from({ length: 1200 }, (_, at) => `u${at},User ${at}`);
  const head = ["username,fullName", ...rows.slice(0, 700)].join("\n");
  await run(daemon, "import", file("part.csv", head));
  const path = file("all.csv", ["username,fullName", ...rows].join("\n"));
  const { status, stderr } = await run(daemon, "import", path, "--mode", "upsert");
  expect(status).toBe(0);
  expect(stderr).toContain("done: 500 created, 0 updated, 700 unchanged, 0 failed");
});

test.each([
  [["import", "/nonexistent.csv"], "the file /nonexistent.csv does not exist"],
  [["import", "/tmp"], "/tmp is a directory"],
  [
    ["import", "x.csv", "--format", "xml"],
    "'xml' is invalid. Allowed choices are json, jsonl, csv, octoprint",
  ],
  [["import", "x.csv", "--mode", "replace"], "'replace' is invalid. Allowed choices are create, upsert"],
  [["export", "--format", "yaml"], "'yaml' is invalid. Allowed choices are json, jsonl, csv"],
])("roster %j is refused as wrong usage", async (args, message) => {
  const { status, stderr } = await roster(["--socket", join(scratch, "none.sock"), ...args]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^roster: [^\n]+\n$/);
  expect(stderr).toContain(message);
});
