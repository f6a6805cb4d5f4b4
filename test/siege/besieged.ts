import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { RawClient } from "../daemon/raw-client.ts";

const program = fileURLToPath(new URL("../../../daemon/main.js", import.meta.url));

/** As the defaults, but for the number of connections; and each attacker has an address of its own. */
const configuration = `
trustedProxies = ["127.0.0.1"]
[limits]
connections = 1500
`;

/** A `rosterd` in a process of its own, and what it takes. */
export class Besieged {
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly url: string;
  readonly socketPath: string;
  /** All that it wrote. */
  output = "";

  private constructor(
    child: ChildProcess,
    directory: string,
    { url, socket }: { url: string; socket: string },
  ) {
    this.#child = child;
    this.#directory = directory;
    this.url = url;
    this.socketPath = socket;
  }

  /** `descriptors`: the most files that it may have open. */
  static async start({ descriptors }: { descriptors?: number } = {}): Promise<Besieged> {
    const directory = mkdtempSync(join(tmpdir(), "roster-siege-"));
    const file = join(directory, "rosterd.toml");
    writeFileSync(file, configuration);
    const data = join(directory, "data");
    const command = `exec ${process.execPath} ${program} --data ${data} --config ${file} --listen 127.0.0.1:0`;
    const limit = descriptors === undefined ? "" : `ulimit -n ${descriptors}; `;
    const child = spawn("sh", ["-c", limit + command], { stdio: ["ignore", "pipe", "inherit"] });
    if (!child.stdout) throw new Error("rosterd has no output");
    const lines = createInterface({ input: child.stdout });
    const said: string[] = [];
    const ready = await new Promise<{ url: string; socket: string }>((resolve, reject) => {
      child.once("exit", () => reject(new Error(`rosterd ended:\n${said.join("\n")}`)));
      lines.on("line", (line) => {
        said.push(line);
        const entry = JSON.parse(line);
        if (entry.msg === "ready") resolve(entry);
      });
    });
    const besieged = new Besieged(child, directory, ready);
    besieged.output = said.join("\n");
    lines.on("line", (line) => {
      besieged.output += `${line}\n`;
    });
    return besieged;
  }

  operator(): Promise<RawClient> {
    return RawClient.open(`ws+unix://${this.socketPath}:/rpc`);
  }

  /** Resident memory, in MiB. */
  get memory(): number {
    const [, kib = "0"] =
      /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.#pid}/status`, "utf8")) ?? [];
    return Number(kib) / 1024;
  }

  /** Open files and sockets. */
  get descriptors(): number {
    return readdirSync(`/proc/${this.#pid}/fd`).length;
  }

  get #pid(): number {
    if (this.#child.exitCode !== null || this.#child.pid === undefined) throw new Error("rosterd has ended");
    return this.#child.pid;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null) {
      const gone = once(this.#child, "exit");
      this.#child.kill("SIGTERM");
      await gone;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** The most memory and files that were in use, looked at ten times a second. */
export class Sampler {
  memory = 0;
  descriptors = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(besieged: Besieged) {
    this.#timer = setInterval(() => {
      this.memory = Math.max(this.memory, besieged.memory);
      this.descriptors = Math.max(this.descriptors, besieged.descriptors);
    }, 100);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
