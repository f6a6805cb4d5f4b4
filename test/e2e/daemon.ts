import { type ChildProcess, execFile, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const shipped = fileURLToPath(new URL("../../dist/daemon/main.js", import.meta.url));

export interface DaemonOptions {
  /** Instead of the `rosterd` that is shipped. */
  program?: string;
  /** Instead of a temporary one; whoever brings it removes it. */
  directory?: string;
  env?: NodeJS.ProcessEnv;
  /** At most so many files may it have open. */
  openFiles?: number;
}

/** A real `rosterd` on its own data directory, which can be killed and started again. */
export class Daemon {
  #child: ChildProcess | undefined;
  #listen = "127.0.0.1:0";
  readonly directory: string;
  readonly socket: string;
  url = "";
  /** The messages of what it has logged. */
  readonly log: string[] = [];
  /** Told each line that it logs. */
  readonly lines = new EventEmitter<{ line: [{ msg: string }] }>();

  readonly #flags: readonly string[];
  readonly #options: DaemonOptions;
  /** Removed at the end: the socket's, and the data's unless that was brought. */
  readonly #temporary: string;

  private constructor(temporary: string, flags: readonly string[], options: DaemonOptions) {
    this.#temporary = temporary;
    this.directory = options.directory ?? temporary;
    this.#flags = flags;
    this.#options = options;
    this.socket = join(temporary, "rosterd.sock");
  }

  static async start(flags: readonly string[] = [], options: DaemonOptions = {}): Promise<Daemon> {
    const daemon = await Daemon.prepare(flags, options);
    await daemon.restart();
    return daemon;
  }

  /** One that is not started yet. */
  static async prepare(flags: readonly string[] = [], options: DaemonOptions = {}): Promise<Daemon> {
    return new Daemon(await mkdtemp(join(tmpdir(), "roster-e2e-")), flags, options);
  }

  /** Of the running process. */
  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error("rosterd is not running");
    return pid;
  }

  /** Starts it (again) on the same data, the same socket and the same port. */
  async restart(): Promise<void> {
    const child = this.#spawn();
    this.url = await this.#ready(child);
    this.#listen = new URL(this.url).host;
  }

  /** Starts it, and kills it so many milliseconds later, whatever it has come to by then. */
  async restartAndKill(afterMs: number): Promise<void> {
    const child = this.#spawn();
    child.stdout?.resume();
    await setTimeout(afterMs);
    await this.kill();
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  /** Tells it to stop, and kills it so many milliseconds later, whatever it has come to by then. */
  async stopAndKill(afterMs: number): Promise<void> {
    this.#child?.kill("SIGTERM");
    await setTimeout(afterMs);
    await this.kill();
  }

  /** Lets `rosterd verify` look at the data while no daemon runs; rejects with what it says of a problem. */
  async verify(...flags: string[]): Promise<void> {
    await promisify(execFile)(process.execPath, [shipped, "verify", "--data", this.directory, ...flags]);
  }

  /** Lets it answer nothing until `goOn`. */
  halt(): void {
    this.#child?.kill("SIGSTOP");
  }

  goOn(): void {
    this.#child?.kill("SIGCONT");
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.#temporary, { recursive: true, force: true });
  }

  #spawn(): ChildProcess {
    const { program = shipped, env = {}, openFiles } = this.#options;
    const args = [program, "--data", this.directory, "--listen", this.#listen, "--socket", this.socket];
    const command = [process.execPath, ...args, ...this.#flags];
    const [file = "", ...rest] = openFiles
      ? ["sh", "-c", `ulimit -n ${openFiles}; exec "$0" "$@"`, ...command]
      : command;
    this.#child = spawn(file, rest, {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NODE_ENV: "production", ...env },
    });
    return this.#child;
  }

  /** Resolves with the address in the line that `rosterd` logs once it serves. */
  #ready(child: ChildProcess): Promise<string> {
    const { stdout } = child;
    if (!stdout) throw new Error("rosterd was started without a pipe on its standard output");
    return new Promise((resolve, reject) => {
      createInterface({ input: stdout })
        .on("line", (line) => {
          const entry: { msg: string; url?: string } = JSON.parse(line);
          this.log.push(entry.msg);
          this.lines.emit("line", entry);
          if (entry.msg === "ready" && entry.url) resolve(entry.url);
        })
        .once("close", () => reject(new Error(`rosterd ended before it was ready: ${this.log.at(-1)}`)));
    });
  }
}
