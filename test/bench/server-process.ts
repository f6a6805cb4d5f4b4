import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const STOP_WITHIN_MS = 10_000;

/** A server under measurement: `rosterd` or a peer, in a process of its own. */
export interface ServerProcess {
  pid: number;
  url: string;
  stop(): Promise<void>;
  /** Ends it without a chance to save anything. */
  kill(): Promise<void>;
}

/**
 * Starts a compiled script and resolves once it has said `"msg":"ready"` with its `url` on standard output.
 * Throws what it wrote to both outputs if it ends before that.
 */
export async function startServer(script: URL, args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.on("data", (chunk) => said.push(String(chunk)));
  const lines = createInterface({ input: child.stdout });

  const url = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () =>
      reject(new Error(`${script.pathname} ended before it was ready:\n${said.join("\n")}`)),
    );
    lines.on("line", (line) => {
      const ready = readyUrl(line);
      if (ready) resolve(ready);
      else if (said.length < 100) said.push(line);
    });
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script.pathname} has no process id`);
  return { pid, url, stop: () => stop(child, "SIGTERM"), kill: () => stop(child, "SIGKILL") };
}

function readyUrl(line: string): string | null {
  if (!line.includes('"msg":"ready"')) return null;
  return JSON.parse(line).url;
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "close");
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await gone;
  clearTimeout(timer);
}
