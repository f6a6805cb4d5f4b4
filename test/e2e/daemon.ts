import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../dist/daemon/main.js", import.meta.url));

/** A real `rosterd` on its own data directory, which can be killed and started again. */
export class Daemon {
  #child: ChildProcess | undefined;
  #listen = "127.0.0.1:0";
  readonly directory: string;
  readonly socket: string;
  url = "";

  readonly #flags: readonly string[];

  private constructor(directory: string, flags: readonly string[]) {
    this.directory = directory;
    this.#flags = flags;
    this.socket = join(directory, "rosterd.sock");
  }

  static async start(flags: readonly string[] = []): Promise<Daemon> {
    const daemon = new Daemon(await mkdtemp(join(tmpdir(), "roster-e2e-")), flags);
    await daemon.restart();
    return daemon;
  }

  /** Starts it (again) on the same data, the same socket and the same port. */
  async restart(): Promise<void> {
    const child = spawn(
      process.execPath,
      [program, "--data", this.directory, "--listen", this.#listen, "--socket", this.socket, ...this.#flags],
      { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, NODE_ENV: "production" } },
    );
    this.#child = child;
    this.url = await readyUrl(child);
    this.#listen = new URL(this.url).host;
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** The address in the line that `rosterd` logs once it serves. */
async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("rosterd was started without a pipe on its standard output");
  for await (const line of createInterface({ input: child.stdout })) {
    const entry: { msg?: string; url?: string } = JSON.parse(line);
    if (entry.msg !== "ready" || !entry.url) continue;
    child.stdout.resume();
    return entry.url;
  }
  throw new Error("rosterd ended before it was ready");
}
