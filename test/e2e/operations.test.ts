import { readdirSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { connect, startDirectory } from "./directory.ts";
import { type Ended, Program } from "./program.ts";

const program = fileURLToPath(new URL("../../dist/daemon/main.js", import.meta.url));

/** A command on a data directory, run to its end. */
function rosterd(data: string, ...args: string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? "", HOME: "/nonexistent" };
  return new Program(process.execPath, [program, ...args, "--data", data], { env }).ended;
}

async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "roster-operations-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test("while the daemon runs, each command says whose the directory is and what to do instead, and changes nothing", async () => {
  const { daemon } = await startDirectory();
  const file = join(await scratch(), "backup.tar");
  const before = await readFile(join(daemon.directory, "journal-1.jsonl"));
  const commands: [string[], string][] = [
    [["verify"], "or ask the daemon: roster call system.verify"],
    [["verify", "--accept-edit"], "or ask the daemon: roster call system.verify"],
    [["backup", file], "or let the daemon do it: roster call system.backup"],
    [["restore", file], "Stop it first"],
    [["recover-admin", "ada"], "or use its socket: roster call users.resetPassword"],
  ];
  for (const [args, instead] of commands) {
    const { status, stdout, stderr } = await rosterd(daemon.directory, ...args);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^rosterd: [^\n]*: process \d+ \(started [^\n]+\) is using this data directory[^\n]*\n$/,
    );
    expect(stderr).toContain(instead);
  }
  expect(await readFile(join(daemon.directory, "journal-1.jsonl"))).toEqual(before);
});

test("where there is no directory, nothing is made: that is said", async () => {
  const missing = join(await scratch(), "missing");
  for (const args of [["verify"], ["backup", "b.tar"], ["recover-admin", "ada", "--create"]]) {
    const { status, stderr } = await rosterd(missing, ...args);
    expect(status).toBe(1);
    expect(stderr).toBe(
      `rosterd: ${missing}: no directory of rosterd is kept here. Name the right one with --data\n`,
    );
  }
  await expect(stat(missing)).rejects.toThrow("ENOENT");
});

test("wrong usage is one line and status 2", async () => {
  const cases: [string[], string][] = [
    [["verify", "--tip", "12"], "Write SEQ:HASH or SEQ:HASH:EPOCH"],
    [["verify", "more"], "too many arguments"],
    [["backup"], "missing required argument 'file'"],
    [["restore"], "missing required argument 'file'"],
    [["recover-admin"], "missing required argument 'username'"],
    [["recover-admin", "Not A Name"], "must be 1 to 64 of"],
    [["verfy"], 'did you mean "verify"?'],
  ];
  for (const [args, message] of cases) {
    const { status, stdout, stderr } = await rosterd("/nonexistent", ...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^rosterd: [^\n]*\n$/);
    expect(stderr).toContain(message);
  }
});

test("a directory is verified: good, against a tip, damaged", async () => {
  const { daemon, tool } = await startDirectory();
  const { seq, hash } = await tool.call("audit.tip", {});
  expect(await tool.call("system.verify", {})).toEqual({ ok: true, problems: [] });
  await daemon.kill();

  const good = await rosterd(daemon.directory, "verify", "--tip", `${seq}:${hash}`);
  expect([good.status, good.stderr]).toEqual([0, ""]);
  expect(good.stdout).toContain(`${daemon.directory} is good: 1 user`);
  expect(good.stdout).toContain(`Tip, to be kept elsewhere: ${seq}:${hash}:`);

  const cut = await rosterd(daemon.directory, "verify", "--tip", `${seq + 2}:${hash}`);
  expect(cut.status).toBe(1);
  expect(cut.stdout).toContain(`positions ${seq + 1} to ${seq + 2} are missing at the end`);

  const journal = join(daemon.directory, "journal-1.jsonl");
  await writeFile(journal, (await readFile(journal, "utf8")).replace("Ada Lovelace", "Eve Lovelace"));
  const damaged = await rosterd(daemon.directory, "verify");
  expect(damaged.status).toBe(1);
  expect(damaged.stdout).toContain(`${journal}, line 1: its hash does not match`);
  expect(damaged.stdout).toContain("rosterd restore FILE puts a backup in the place of the data");
});

test("files that others may use are told with the command that mends each, and then all is good", async () => {
  const { daemon } = await startDirectory();
  await daemon.kill();
  await chmod(join(daemon.directory, "users.json"), 0o644);
  await chmod(join(daemon.directory, "journal-1.jsonl"), 0o620);
  const loose = await rosterd(daemon.directory, "verify");
  expect(loose.status).toBe(1);
  const commands = loose.stdout.split("\n").map((line) => line.split("Run: ")[1]);
  expect(commands.filter(Boolean)).toHaveLength(2);
  expect(loose.stdout).not.toContain("restore");
  for (const command of commands) if (command) await new Program("sh", ["-c", command]).ended;
  expect(await rosterd(daemon.directory, "verify")).toMatchObject({ status: 0 });
  await daemon.restart();
});

test("a damaged directory is restored from an online backup; whoever was away is told to fetch afresh", async () => {
  const { daemon, tool } = await startDirectory();
  const { epoch } = await tool.call("audit.tip", {});
  const { file, seq } = await tool.call("system.backup", {});
  await tool.call("users.create", { username: "ben" });
  await daemon.kill();
  await writeFile(join(daemon.directory, "users.json"), "{}");
  await expect(daemon.restart()).rejects.toThrow("before it was ready");

  const restored = await rosterd(daemon.directory, "restore", file);
  expect([restored.status, restored.stderr]).toEqual([0, ""]);
  const aside = readdirSync(daemon.directory).find((name) => name.startsWith("before-restore-"));
  expect(restored.stdout).toContain(`The old data is kept in ${join(daemon.directory, String(aside))}`);
  expect(await readFile(join(daemon.directory, String(aside), "users.json"), "utf8")).toBe("{}");

  await daemon.restart();
  const again = await connect(daemon);
  expect((await again.call("users.list", {})).items.map(({ username }) => username)).toEqual(["ada"]);
  for (const since of [seq, seq + 1]) {
    const resumed = again.call("events.subscribe", { since, epoch });
    await expect(resumed).rejects.toMatchObject({ code: 410, reason: "resumePointGone" });
  }
});

test("an offline backup moves to another machine, keys and all", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.create", { username: "farm", type: "service", roles: ["viewer"] });
  const { secret } = await tool.call("keys.create", { user: "farm", name: "screen" });
  await daemon.kill();
  const file = join(await scratch(), "backup.tar");
  const taken = await rosterd(daemon.directory, "backup", file);
  expect([taken.status, taken.stderr]).toEqual([0, ""]);
  expect(taken.stdout).toMatch(/SHA-256 [0-9a-f]{64}\nTip, to be kept elsewhere: \d+:/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const twice = await rosterd(daemon.directory, "backup", file);
  expect(twice.status).toBe(1);
  expect(twice.stderr).toContain("there is a file of this name already");

  await rm(daemon.directory, { recursive: true });
  const restored = await rosterd(daemon.directory, "restore", file, "--keep-keys");
  expect([restored.status, restored.stderr]).toEqual([0, ""]);
  await daemon.restart();
  const again = await connect(daemon);
  expect(await again.call("auth.verifyKey", { key: secret })).toMatchObject({ valid: true });
});

test("what is no backup is refused and nothing is changed", async () => {
  const { daemon } = await startDirectory();
  await daemon.kill();
  const before = await readFile(join(daemon.directory, "users.json"));
  const file = join(await scratch(), "backup.tar");
  await writeFile(file, "no backup");
  const { status, stdout, stderr } = await rosterd(daemon.directory, "restore", file);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(`rosterd: ${file}: it is not a backup of rosterd. Use another backup\n`);
  expect(await readFile(join(daemon.directory, "users.json"))).toEqual(before);
  expect(readdirSync(daemon.directory).filter((name) => name.startsWith("incoming-"))).toEqual([]);
});

test("an administrator is let in again by the password that is printed", async () => {
  const { daemon } = await startDirectory();
  await daemon.kill();
  const unknown = await rosterd(daemon.directory, "recover-admin", "adda");
  expect([unknown.status, unknown.stdout]).toEqual([1, ""]);
  expect(unknown.stderr).toContain("There is no user adda. The administrators are ada.");

  const recovered = await rosterd(daemon.directory, "recover-admin", "ada");
  expect([recovered.status, recovered.stderr]).toEqual([0, ""]);
  const printed = recovered.stdout.trim().split("\n").at(-1) ?? "";
  await daemon.restart();
  const tool = await connect(daemon);
  const { valid, reason } = await tool.call("auth.verifyPassword", { username: "ada", password: printed });
  expect({ valid, reason }).toEqual({ valid: false, reason: "passwordChangeRequired" });
});

test("a hand edit keeps the daemon from starting, names the way out, and is taken over by it", async () => {
  const { daemon, tool } = await startDirectory();
  await tool.call("users.update", { user: "ada", changes: { theme: "light" } });
  await daemon.kill();
  expect((await rosterd(daemon.directory, "backup", join(await scratch(), "b.tar"))).status).toBe(0);
  const path = join(daemon.directory, "users.json");
  await writeFile(path, (await readFile(path, "utf8")).replace("Ada Lovelace", "Ada King"));

  const refused = await rosterd(daemon.directory, "run", "--listen", "off");
  expect(refused.status).toBe(1);
  expect(JSON.parse(refused.stdout).msg).toContain(
    "If you edited it, rosterd verify --accept-edit takes that over",
  );

  const accepted = await rosterd(daemon.directory, "verify", "--accept-edit");
  expect([accepted.status, accepted.stderr]).toEqual([0, ""]);
  expect(accepted.stdout).toContain('fullName "Ada Lovelace" is now "Ada King"');
  await daemon.restart();
  expect(await (await connect(daemon)).call("users.get", { user: "ada" })).toMatchObject({
    fullName: "Ada King",
  });
});
