import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Program, type ProgramOptions } from "./e2e/program.ts";
import { readmeBlocks, root } from "./readme-blocks.ts";

const blocks = readmeBlocks();
const commands = blocks
  .filter(({ language }) => language === "sh")
  .flatMap(({ code }) => code.trimEnd().split("\n"));

let scratch: string;
let env: Record<string, string>;
let daemon: Program;
let address: string;
let key: string;

/** Runs a line of the README as a reader types it. */
function start(line: string, options: ProgramOptions = {}): Program {
  // A signal is for the program and not for the shell, unless the line has several.
  const command = / (\||&&) /.test(line) ? line : `exec ${line}`;
  return new Program("bash", ["-c", command], { cwd: scratch, ...options, env: { ...env, ...options.env } });
}

async function run(line: string, cwd = scratch): Promise<string> {
  const { status, stdout, stderr } = await start(line, { cwd }).ended;
  if (status !== 0) throw new Error(`${line} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

function take(beginning: string): string {
  const found = commands.find((line) => line.startsWith(beginning));
  if (found === undefined) throw new Error(`The README has no command ${beginning}…`);
  return found.replace("127.0.0.1:7420", address);
}

function code(language: string): string {
  const [block, ...others] = blocks.filter((one) => one.language === language);
  if (!block || others.length > 0) throw new Error(`The README has not just one block of ${language}`);
  return block.code;
}

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "roster-readme-"));
  env = {
    PATH: `${join(scratch, "bin")}:${process.env.PATH}`,
    HOME: scratch,
    ROSTER_DATA: join(scratch, "data"),
    ROSTER_LISTEN: "127.0.0.1:0",
    npm_config_prefix: scratch,
    npm_config_update_notifier: "false",
  };
  address = "";
  await run(take("npm link"), root);
  daemon = start(take("rosterd"));
  await daemon.says(/"msg":"ready"/);
  address = /"url":"ws:\/\/([^/]+)/.exec(daemon.stdout)?.[1] ?? "";
  await run(take('roster call users.create \'{"username":"ann"'));
  await run(take('roster call users.create \'{"username":"door-screen"'));
  key = JSON.parse(await run(take("roster call keys.create"))).secret;
  writeFileSync(join(scratch, "entrance.key"), key, { mode: 0o600 });
});

afterAll(async () => {
  await daemon.end("SIGTERM");
  rmSync(scratch, { recursive: true });
});

test("every command of the README is run here", () => {
  expect(commands.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
    "npm ci &&",
    "npm ci &&",
    "npm link --ignore-scripts",
    "rosterd",
    "roster call users.create",
    "roster call roles.create",
    "roster call users.update",
    "rosterd config check",
    "rosterd config show",
    "roster call users.create",
    "roster call keys.create",
    "roster call audit.query",
    "roster call audit.tip",
    "roster call system.verify",
    "roster call system.backup",
    "rosterd verify",
    "rosterd backup roster.tar",
    "tar -xf roster.tar",
    "rosterd restore roster.tar",
    "rosterd recover-admin ann",
    "roster call users.list",
    'echo \'{"user":"ann","changes":{"theme":"light"}}\' |',
    "roster --url ws://127.0.0.1:7420",
    "roster watch users",
    "roster methods",
    "roster describe keys.rotate",
    "roster import users.yaml",
    "roster import users.yaml",
    "roster export --format",
  ]);
});

test("the two commands are what the gate runs, and npm start serves without a terminal too", async () => {
  const gate = readFileSync(join(root, ".ci/run"), "utf8");
  for (const command of ["npm ci", "npm test"]) expect(gate).toContain(`\n${command}\n`);
  const npm = start("npm start", { cwd: root, env: { ROSTER_DATA: join(scratch, "another") } });
  await npm.says(/"msg":"ready"/);
  await npm.end("SIGTERM");
  expect(npm.stdout).toContain('"msg":"stopped"');
});

test("the command line does what the README says", async () => {
  const { items } = JSON.parse(await run(take("roster call users.list")));
  expect(items.map(({ username }: { username: string }) => username)).toEqual(["ann", "door-screen"]);
  expect(JSON.parse(await run(take("echo")))).toMatchObject({ username: "ann", theme: "light" });
  expect(JSON.parse(await run(take("roster --url")))).toMatchObject({ kind: "key", username: "door-screen" });
});

test("the audit tells who was made", async () => {
  const { items } = JSON.parse(await run(take("roster call audit.query")));
  expect(items.at(-1)).toMatchObject({ type: "user.created", subject: { name: "ann" } });
  expect(JSON.parse(await run(take("roster call audit.tip"))).hash).toMatch(/^[0-9a-f]{64}$/);
});

test("users move in from another system, and out again", async () => {
  writeFileSync(join(scratch, "users.yaml"), "mover:\n  active: true\n  groups: [users]\n");
  expect(await run(take("roster import users.yaml --dry-run"))).toBe("mover\n");
  expect(await run(take("roster import users.yaml --mode"))).toBe("mover\n");
  await run(take("roster export"));
  expect(readFileSync(join(scratch, "users.csv"), "utf8")).toMatch(/^mover,,normal,viewer,true,/m);
});

test("a role of an application is made and given as the README says", async () => {
  expect(JSON.parse(await run(take("roster call roles.create")))).toMatchObject({
    name: "printer",
    assigned: 0,
  });
  expect(JSON.parse(await run(take("roster call users.update")))).toMatchObject({
    roles: ["admin", "printer"],
  });
});

test("the configuration is good, and shows where its values come from", async () => {
  expect(await run(take("rosterd config check"))).toBe(
    "The configuration is good: there is no configuration file\n",
  );
  expect(await run(take("rosterd config show"))).toMatch(/^listen +=.* # \$ROSTER_LISTEN$/m);
});

test("the methods are listed and described", async () => {
  expect(await run(take("roster methods"))).toContain("keys.rotate");
  expect(await run(take("roster describe"))).toContain("graceSeconds");
});

test("roster watch shows what roster call changes", async () => {
  const watch = start(take("roster watch"));
  await watch.says(/watching/);
  await run(`roster call users.create '{"username":"watched"}'`);
  await watch.says(/"name":"watched"/);
  expect((await watch.end("SIGINT")).status).toBe(0);
});

test("a directory is verified, backed up, lost and recovered by the steps that the README tells", async () => {
  const place = join(scratch, "operations");
  const data = join(place, "data");
  mkdirSync(place);
  const does = async (line: string): Promise<string> => {
    const { status, stdout, stderr } = await start(line, { cwd: place, env: { ROSTER_DATA: data } }).ended;
    if (status !== 0) throw new Error(`${line} ended with ${status}: ${stdout}${stderr}`);
    return stdout;
  };
  const running = start(take("rosterd"), { env: { ROSTER_DATA: data } });
  await running.says(/"msg":"ready"/);
  await does(take('roster call users.create \'{"username":"ann"'));
  expect(JSON.parse(await does(take("roster call system.verify")))).toEqual({ ok: true, problems: [] });
  expect(JSON.parse(await does(take("roster call system.backup"))).file).toContain(join(data, "backups"));
  await running.end("SIGTERM");

  expect(await does(take("rosterd verify"))).toContain(`${data} is good: 1 user`);
  await does(take("rosterd backup"));
  expect(await does(take("tar -xf"))).toContain("users.json: OK");

  writeFileSync(join(data, "users.json"), "");
  const damaged = await start(take("rosterd verify"), { env: { ROSTER_DATA: data } }).ended;
  expect([damaged.status, damaged.stdout]).toEqual([1, expect.stringContaining("users.json: it is empty")]);
  expect(await does(take("rosterd restore"))).toContain("1 user");
  expect(await does(take("rosterd recover-admin"))).toContain("ann is an administrator who can sign in");
  const again = start(take("rosterd"), { env: { ROSTER_DATA: data } });
  await again.says(/"msg":"ready"/);
  expect(JSON.parse(await does(take("roster call system.verify")))).toEqual({ ok: true, problems: [] });
  await again.end("SIGTERM");
});

/** The tool logs in, hears of a change made afterwards, and is ended. */
async function followsChanges(tool: Program, username: string): Promise<void> {
  await tool.says(/Following as door-screen/);
  await run(`roster call users.create '{"username":"${username}"}'`);
  await tool.says(new RegExp(`user\\.created ${username}`));
  await tool.end("SIGKILL");
}

test("the tool in TypeScript compiles and follows changes", async () => {
  const directory = join(scratch, "tool");
  mkdirSync(join(directory, "node_modules"), { recursive: true });
  symlinkSync(root, join(directory, "node_modules/roster"));
  for (const name of ["ws", "@types"]) {
    symlinkSync(join(root, "node_modules", name), join(directory, "node_modules", name));
  }
  writeFileSync(join(directory, "package.json"), '{"type":"module"}');
  writeFileSync(join(directory, "tool.ts"), code("ts"));
  const strict =
    "--strict --noEmitOnError --target es2023 --module nodenext --types node --skipLibCheck false";
  await run(`${join(root, "node_modules/.bin/tsc")} ${strict} tool.ts`, directory);
  const tool = new Program(process.execPath, [join(directory, "tool.js")], {
    env: { ROSTER_URL: `ws://${address}/rpc`, ROSTER_KEY: key },
  });
  await followsChanges(tool, "seen-by-typescript");
});

test("the tool in Python compiles, and follows changes where websockets is installed", async () => {
  const file = join(scratch, "tool.py");
  writeFileSync(file, code("python"));
  await run(`python3 -m py_compile ${file}`);
  const installed = await start("python3 -c 'import websockets'").ended;
  if (installed.status !== 0) return;
  const tool = start(`python3 ${file}`, { env: { ROSTER_URL: `ws://${address}/rpc`, ROSTER_KEY: key } });
  await followsChanges(tool, "seen-by-python");
});
