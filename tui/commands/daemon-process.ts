import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Failure } from "../failure.ts";
import { dataDirectory, type Target } from "../target.ts";

/** Beside this program's own folder, once both are built. */
const program = fileURLToPath(new URL("../daemon/main.js", import.meta.url));
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** The daemon promises to end within 5 s. */
const STOP_MS = 6_000;
/** How often the log is looked at until the daemon serves. */
const LOOK_MS = 20;

/** A daemon that was started for one terminal UI, and serves. */
export interface DaemonProcess {
  target: Target;
  stop(): Promise<void>;
}

/** Starts `rosterd` with its log in a file of the data directory; resolves once it serves. */
export async function startDaemon(): Promise<DaemonProcess> {
  const log = openLog();
  const child = spawn(process.execPath, [program], {
    // Its own process group: Ctrl-C and Ctrl-Z in the terminal are the UI's.
    detached: true,
    // The file itself and no pipe of ours, so that it can say how it ended after we are gone.
    stdio: ["ignore", log.descriptor, log.descriptor],
    // The line that says ready has the level info.
    env: { ...process.env, ROSTER_LOG_LEVEL: "info", ROSTER_LOG_LEVEL_FILE: "" },
  });
  closeSync(log.descriptor);
  stopWithUs(child);
  return { target: await untilReady(child, log), stop: () => stop(child) };
}

/** Runs `rosterd` in the foreground, without a terminal UI; resolves with its exit status. */
export async function runDaemon(): Promise<number> {
  // Its own process group, so that a signal to the whole group reaches it once: through us.
  const child = spawn(process.execPath, [program], { detached: true, stdio: "inherit" });
  let isEnding = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      // Once: a second signal would cut the clean end short, and a terminal and npm both pass one on.
      if (!isEnding) child.kill(signal);
      isEnding = true;
    });
  }
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  const [status] = await once(child, "exit");
  return status ?? 1;
}

/** However we end, the daemon ends too. */
function stopWithUs(child: ChildProcess): void {
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

interface Log {
  path: string;
  descriptor: number;
  /** How long the file was before this daemon, in bytes. */
  start: number;
}

function openLog(): Log {
  const directory = dataDirectory(process.env);
  const path = join(directory, "rosterd.log");
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const descriptor = openSync(path, "a", 0o600);
    return { path, descriptor, start: fstatSync(descriptor).size };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Failure(`the daemon's log ${path} cannot be written (${code}): choose a place by $ROSTER_DATA`);
  }
}

/** Follows the log until the daemon serves; one that ends before fails with its last words. */
async function untilReady(child: ChildProcess, log: Log): Promise<Target> {
  for (;;) {
    const ended = hasEnded(child);
    const lines = readLines(log);
    const { socket, url } = lines.map(parseEntry).find(({ msg }) => msg === "ready") ?? {};
    if (socket) return { kind: "socket", path: socket };
    if (url) return { kind: "url", url };
    if (ended) throw new Failure(`the daemon did not start: ${lastWords(lines)} (its log: ${log.path})`);
    await sleep(LOOK_MS);
  }
}

/** The whole lines of this daemon. */
function readLines({ path, start }: Log): string[] {
  return readFileSync(path).subarray(start).toString().split("\n").slice(0, -1);
}

function lastWords(lines: string[]): string {
  const last = lines.at(-1) ?? "it said nothing";
  return (parseEntry(last).msg ?? last).replace(/^(Cannot start|rosterd): /, "");
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

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, "exit");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(force);
}
