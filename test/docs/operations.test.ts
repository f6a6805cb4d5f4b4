import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { Program } from "../e2e/program.ts";
import { root } from "../readme-blocks.ts";
import { readProjectFile } from "./generated.ts";
import { blocks, guide } from "./guide.ts";

let place: string;
let env: Record<string, string>;
let daemon: Program;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "roster-operations-"));
  const bin = join(place, "bin");
  const install = `mkdir ${bin} && ln -s ${root}dist/tui/main.js ${bin}/roster && ln -s ${root}dist/daemon/main.js ${bin}/rosterd && chmod +x ${bin}/*`;
  const data = join(place, "data");
  env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: place,
    ROSTER_DATA: data,
    ROSTER_SOCKET: join(place, "rosterd.sock"),
    ROSTER_LISTEN: "127.0.0.1:0",
  };
  await run(install);
  await run(`command -v curl || install -m 0755 ${root}test/docs/curl.mjs ${bin}/curl`);
  daemon = await startDaemon();
});

afterAll(async () => {
  await daemon.end("SIGTERM");
  rmSync(place, { recursive: true, force: true });
});

async function startDaemon(): Promise<Program> {
  const started = new Program("bash", ["-c", "exec rosterd"], { cwd: place, env });
  await started.says(/"msg":"ready"/);
  return started;
}

const taken = new Set<string>();

/** Runs what a section shows for any account, as one pastes it; answers what each block printed. */
async function take(section: string): Promise<string[]> {
  taken.add(section);
  const printed: string[] = [];
  for (const { code } of blocks(section, "sh")) printed.push(await run(code));
  expect(printed, `commands under ${section}`).not.toEqual([]);
  return printed;
}

async function run(code: string): Promise<string> {
  const { status, stdout, stderr } = await new Program("bash", ["-c", `set -e\n${code}`], { cwd: place, env })
    .ended;
  if (status !== 0) throw new Error(`${code} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

test("the configuration is looked at before a start", async () => {
  const [shown] = await take("Install");
  expect(shown).toContain("The configuration is good");
  expect(shown).toContain("limits.frameBytes");
});

test("in the first hour there come an administrator, a key for monitoring, a backup and its tip", async () => {
  const [administrator = "", rest = ""] = await take("The first hour");
  expect(administrator).toMatch(/"generatedPassword": ?"/);
  expect(rest).toMatch(/rk_/);
  expect(rest).toMatch(/backups\//);
});

test("health and metrics answer on the socket, and the page's scrape configuration is one", async () => {
  const [printed = ""] = await take("Monitoring");
  expect(printed).toMatch(/^ready\n/);
  expect(printed).toMatch(/^roster_store_users 2$/m);
  const [configuration] = blocks("Monitoring", "yaml");
  expect(parse(configuration?.code ?? "").scrape_configs[0].job_name).toBe("roster");
  expect(readProjectFile("docs/prometheus/rules.yml")).toContain('up{job="roster"}');
});

test("the drill restores the newest backup into an empty place and looks at it", async () => {
  const [printed = ""] = await take("Backup, and a drill");
  expect(printed).toMatch(/drill is good: 2 users/);
  expect(printed).toMatch(/"healthy": ?true/);
});

test("every key of a fleet is rotated, its secret in a file of its own, and the old ones are seen retiring", async () => {
  const [rotated = "", retiring = ""] = await take("Rotate the keys of a fleet");
  expect(rotated).toBe("monitor prometheus\n");
  const [file = ""] = readdirSync(join(place, "fleet"));
  expect(readFileSync(join(place, "fleet", file), "utf8")).toMatch(/^rk_/);
  expect(retiring).toMatch(/"status": ?"retiring"/);
});

test("an upgrade is a backup, a restart and a look", async () => {
  const [backup = "", ...looks] = await take("Upgrade");
  expect(backup).toMatch(/"sha256": ?"/);
  expect(looks.join()).toMatch(/"ok": ?true/);
  await daemon.end("SIGTERM");
  daemon = await startDaemon();
  await run("roster call system.info");
});

test("who is locked out gets in again", async () => {
  expect((await take("Locked out")).join()).toMatch(/generatedPassword/);
});

test("where the disk is full changes are refused, one sees why and what takes the room, and it heals by itself", async () => {
  // No file may grow: what somebody who is not root can do to a disk.
  const limit = (bytes: string) => run(`prlimit --pid ${daemon.process.pid} --fsize=${bytes}:`);
  await limit("1");
  await expect(run(`roster call users.create '{"username":"late"}'`)).rejects.toThrow(/"code": ?503/);
  const [printed = ""] = await take("The disk is full");
  expect(printed).toMatch(/^EFBIG: file too large/);
  expect(printed).toMatch(/data\/backups\/$/m);
  await run("roster call users.list");
  await limit("unlimited");
  await expect
    .poll(() => take("The disk is full"), { timeout: 10_000, interval: 250 })
    .toEqual([expect.stringMatching(/^ready\n/)]);
  await run(`roster call users.create '{"username":"late"}'`);
});

test("no command of the guide is left out: what wants root and systemd is done by .ci/systemd", () => {
  const trial = readProjectFile("test/systemd/guide.trial.ts");
  for (const { section, language } of guide) {
    expect(["sh", "shell", "yaml"]).toContain(language);
    if (language === "sh") expect([...taken]).toContain(section);
    if (language === "shell") expect(trial).toContain(`"${section}"`);
  }
});
