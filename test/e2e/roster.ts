import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../dist/tui/main.js", import.meta.url));

/** How long a flow waits for a line before it fails and shows what came instead. */
const PATIENCE_MS = 15_000;

export interface RosterOptions {
  env?: Record<string, string>;
  /** Standard input; empty unless given. */
  input?: string;
}

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `roster` to its end, without a terminal. */
export function roster(args: readonly string[], options: RosterOptions = {}): Promise<Ended> {
  return new RunningRoster(args, options).ended;
}

/** The object or array that a call printed. */
export async function rosterCall<T>(socket: string, method: string, params: object = {}): Promise<T> {
  const { status, stdout, stderr } = await roster([
    "--socket",
    socket,
    "call",
    method,
    JSON.stringify(params),
  ]);
  if (status !== 0) throw new Error(`roster call ${method} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** `roster` while it runs, as with `roster watch`. */
export class RunningRoster {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly #watchers = new Set<() => void>();
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], { env = {}, input = "" }: RosterOptions = {}) {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env.PATH, HOME: "/nonexistent", ...env },
    });
    this.process = child;
    child.stdout.setEncoding("utf8").on("data", (text) => {
      this.stdout += text;
      this.#look();
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      this.stderr += text;
      this.#look();
    });
    child.stdin.end(input);
    this.ended = new Promise((resolve) => {
      child.once("close", (status) => {
        this.#look();
        resolve({ status, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Waits until standard output or standard error matches. */
  says(expected: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error) => {
        clearTimeout(deadline);
        this.#watchers.delete(look);
        if (error) reject(error);
        else resolve();
      };
      const look = () => expected.test(this.stdout + this.stderr) && settle();
      const deadline = setTimeout(
        () => settle(new Error(`Waited for ${expected}, got:\n${this.stdout}${this.stderr}`)),
        PATIENCE_MS,
      );
      this.#watchers.add(look);
      look();
    });
  }

  #look(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
