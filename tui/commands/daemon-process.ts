import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Failure } from "../failure.ts";
import { dataDirectory, type Target } from "../target.ts";

const program = fileURLToPath(new URL("../../daemon/main.js", import.meta.url));
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** The daemon promises to end within 5 s. */
const STOP_MS = 6_000;

/** A daemon that was started for one terminal UI, and serves. */
export interface DaemonProcess {
  target: Target;
  stop(): Promise<void>;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Starts `rosterd` with its log in a file of the data directory; resolves once it serves. */
export async function startDaemon(): Promise<DaemonProcess> {
  const log = openLog();
  const child = spawn(process.execPath, [program], {
    // Its own process group: Ctrl-C and Ctrl-Z in the terminal are the UI's.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    // The line that says ready has the level info.
    env: { ...process.env, ROSTER_LOG_LEVEL: "info" },
  });
  stopWithUs(child);
  child.stdout.pipe(log.stream, { end: false });
  child.stderr.pipe(log.stream, { end: false });
  child.once("close", () => log.stream.end());
  return { target: await untilReady(child, log.path), stop: () => stop(child) };
}

/** Runs `rosterd` in the foreground, without a terminal UI; resolves with its exit status. */
export async function runDaemon(): Promise<number> {
  // Its own process group, so that a signal to the whole group reaches it once: through us.
  const child = spawn(process.execPath, [program], { detached: true, stdio: "inherit" });
  for (const signal of signals) {
    // Once: a second signal would cut the clean end short, and a terminal and npm both pass one on.
    process.on(signal, () => child.killed || child.kill(signal));
  }
  const [status] = await once(child, "exit");
  return status ?? 1;
}

/** However we end, the daemon ends too. */
function stopWithUs(child: Child): void {
  const onExit = () => child.kill("SIGTERM");
  const onSignal = (signal: NodeJS.Signals) => {
    onExit();
    forget();
    process.kill(process.pid, signal);
  };
  const forget = () => {
    process.off("exit", onExit);
    for (const signal of signals) process.off(signal, onSignal);
  };
  process.on("exit", onExit);
  for (const signal of signals) process.on(signal, onSignal);
  child.once("exit", forget);
}

function openLog(): { path: string; stream: Writable } {
  const directory = dataDirectory(process.env);
  const path = join(directory, "rosterd.log");
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return { path, stream: createWriteStream(path, { fd: openSync(path, "a", 0o600) }) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Failure(`the daemon's log ${path} cannot be written (${code}): choose a place by $ROSTER_DATA`);
  }
}

/** Reads the log until the daemon serves; one that ends before fails with its last words. */
async function untilReady(child: Child, logPath: string): Promise<Target> {
  let lastError = "";
  let lastMessage = "";
  createInterface({ input: child.stderr }).on("line", (line) => {
    lastError = line;
  });
  const ended = once(child, "close");
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg = "", socket, url } = parseEntry(line);
    if (msg === "ready" && socket) return { kind: "socket", path: socket };
    if (msg === "ready" && url) return { kind: "url", url };
    lastMessage = msg;
  }
  await ended;
  const why = (lastError || lastMessage).replace(/^Cannot start: /, "");
  throw new Failure(`the daemon did not start: ${why} (its log: ${logPath})`);
}

interface LogEntry {
  msg?: string;
  socket?: string | null;
  url?: string | null;
}

/** Node itself may write lines that are not JSON. */
function parseEntry(line: string): LogEntry {
  return line.startsWith("{") ? JSON.parse(line) : {};
}

async function stop(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(force);
}
