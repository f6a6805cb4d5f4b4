import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

/** How long a flow waits for a line before it fails and shows what came instead. */
const PATIENCE_MS = 15_000;

export interface ProgramOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Standard input; empty unless given. */
  input?: string;
}

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A program while it runs, without a terminal. */
export class Program {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  readonly #watchers = new Set<() => void>();
  stdout = "";
  stderr = "";

  constructor(command: string, args: readonly string[], { input = "", ...options }: ProgramOptions = {}) {
    const child = spawn(command, args, { ...options, stdio: "pipe" });
    this.process = child;
    child.stdout.setEncoding("utf8").on("data", (text) => {
      this.stdout += text;
      this.#look();
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      this.stderr += text;
      this.#look();
    });
    child.stdin.on("error", (error: NodeJS.ErrnoException) => {
      // It may end before it has read what it was given, even where that is nothing.
      if (error.code !== "EPIPE") throw error;
    });
    child.stdin.end(input);
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve({ status, stdout: this.stdout, stderr: this.stderr }));
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

  /** Ends it by a signal and waits for that. */
  end(signal: NodeJS.Signals): Promise<Ended> {
    this.process.kill(signal);
    return this.ended;
  }

  #look(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
