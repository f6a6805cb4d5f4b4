import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { type Ended, Program } from "../e2e/program.ts";
import { root } from "../readme-blocks.ts";

const boot = fileURLToPath(new URL("boot", import.meta.url));
/** Dies with whoever made it, and mounts nothing that others see. */
const isolation = ["--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private"];
/** As of somebody who has just signed in; npm takes from its cache, for there is no network. */
const environment = [
  "-i",
  "HOME=/root",
  "LANG=C.UTF-8",
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
  "npm_config_offline=true",
];

/** A machine in namespaces that runs a systemd of its own, with the package on it; what it writes is thrown away. */
export class Machine {
  readonly #scratch: string;
  readonly #booted: Program;
  /** The process that is number 1 in there, as it is numbered here. */
  readonly #init: string;

  private constructor(scratch: string, booted: Program, init: string) {
    this.#scratch = scratch;
    this.#booted = booted;
    this.#init = init;
  }

  /** `install` is the command that installs the packed package, which lies where it runs. */
  static async boot(install: string): Promise<Machine> {
    const scratch = mkdtempSync(join(tmpdir(), "roster-machine-"));
    const srv = join(scratch, "srv");
    for (const directory of [srv, join(scratch, "layer")]) mkdirSync(directory);
    spawnSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", srv], { cwd: root });
    const booted = new Program("setpriv", [...isolation, boot, scratch, install], { env: outside() });
    const init = await vi.waitUntil(() => firstProcess(booted), { timeout: 60_000, interval: 50 });
    const machine = new Machine(scratch, booted, init);
    await vi.waitUntil(() => machine.#isUp(), { timeout: 30_000, interval: 50 });
    return machine;
  }

  /** Runs commands as root in its `/srv`, and answers what they printed; rejects when one fails. */
  async run(code: string): Promise<string> {
    const { status, stdout, stderr } = await this.try(code);
    if (status !== 0) throw new Error(`${code} ended with ${status}: ${stdout}${stderr}`);
    return stdout;
  }

  try(code: string): Promise<Ended> {
    const inside = ["--target", this.#init, "--all", `--wd=/proc/${this.#init}/root/srv`];
    return new Program("nsenter", [...inside, "env", ...environment, "bash", "-ec", code]).ended;
  }

  async off(): Promise<void> {
    spawnSync("kill", ["-KILL", this.#init]);
    await this.#booted.ended;
    removeCgroup(basename(this.#scratch));
    rmSync(this.#scratch, { recursive: true });
  }

  async #isUp(): Promise<boolean> {
    return /^(running|degraded)/.test((await this.try("systemctl is-system-running")).stdout);
  }
}

/** This one's environment, but for what the npm that runs the tests tells its own scripts. */
function outside(): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
  return Object.fromEntries(own) as Record<string, string>;
}

/** Empty until there is one. */
function firstProcess({ process: { pid, exitCode }, stderr }: Program): string {
  if (exitCode !== null) throw new Error(`the machine did not boot: ${stderr}`);
  const isBooted = readFileSync(`/proc/${pid}/comm`, "utf8") === "unshare\n";
  return isBooted ? readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim() : "";
}

function removeCgroup(name: string): void {
  const { stdout } = spawnSync("findmnt", ["-n", "-f", "-t", "cgroup2", "-o", "TARGET"], {
    encoding: "utf8",
  });
  remove(join(stdout.trim(), name));

  function remove(group: string): void {
    for (const entry of readdirSync(group, { withFileTypes: true })) {
      if (entry.isDirectory()) remove(join(group, entry.name));
    }
    rmdirSync(group);
  }
}
