import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { Program } from "../e2e/program.ts";
import { root } from "../readme-blocks.ts";
import { readProjectFile } from "./generated.ts";

const page = readProjectFile("docs/operations.md");

/** The blocks of a section: those of `sh` are run as they stand, those of `shell` want root, a package or an outage. */
function blocks(section: string, language = "sh"): string[] {
  const [, after = ""] = page.split(new RegExp(`^#+ ${section}$`, "m"));
  const [own = ""] = after.split(/^#+ /m);
  const all = [...own.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return all.filter(([, tag]) => tag === language).map(([, , code = ""]) => code);
}

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

/** Runs what a section shows, as one pastes it; answers what each block printed. */
async function take(section: string, language = "sh"): Promise<string[]> {
  const printed: string[] = [];
  for (const block of blocks(section, language)) printed.push(await run(block));
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

test("the files that an installation copies are there", () => {
  const [, asRoot = ""] = blocks("Install", "shell");
  const named = asRoot.match(/docs\/\S+/g) ?? [];
  expect(named.length).toBeGreaterThan(1);
  for (const path of named) expect(readProjectFile(path)).not.toBe("");
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
  const [yaml = ""] = blocks("Monitoring", "yaml");
  expect(parse(yaml).scrape_configs[0].job_name).toBe("roster");
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
  const [printed = ""] = await take("Upgrade");
  expect(printed).toMatch(/"ok": ?true/);
  await daemon.end("SIGTERM");
  daemon = await startDaemon();
  await run("roster call system.info");
});

test("who is locked out gets in again, with the daemon and without", async () => {
  expect((await take("Locked out")).join()).toMatch(/generatedPassword/);
  await daemon.end("SIGTERM");
  expect((await take("Locked out", "shell")).join()).toContain("ada is an administrator who can sign in");
  daemon = await startDaemon();
});

test("where the disk is full one sees what takes the room", async () => {
  const [printed = ""] = await take("The disk is full");
  expect(printed).toMatch(/data\/users\.json/);
});

test("a damaged directory is refused, and restored from the backup", async () => {
  await run("roster call system.backup && cp $(ls -t data/backups/*.tar | head -1) roster.tar");
  await daemon.end("SIGTERM");
  writeFileSync(join(place, "data/users.json"), "");
  const refused = await new Program("bash", ["-c", "exec rosterd"], { cwd: place, env }).ended;
  expect(refused.stdout).toMatch(/"msg":"Cannot start: [^"]*users\.json/);
  const [commands = ""] = blocks("A file is damaged", "shell");
  const [verify = "", restore = ""] = commands.trim().split("\n");
  await expect(run(verify)).rejects.toThrow(/users\.json: it is empty/);
  expect(await run(restore)).toContain("2 users");
  daemon = await startDaemon();
});
