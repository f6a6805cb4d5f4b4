#!/usr/bin/env node
import { isatty } from "node:tty";
import { Information } from "./config/command-line.ts";
import { UsageError } from "./config/usage-error.ts";
import { type Config, readConfig } from "./config.ts";
import { type Daemon, startDaemon } from "./daemon.ts";
import { createLog, type Logger } from "./log.ts";
import { createNotifier, handedDown, writesToJournal } from "./service-manager.ts";
import { expectShortLives } from "./short-lived.ts";
import { StartError } from "./start-error.ts";
import { StoreError } from "./store/json/store-error.ts";
import { readVersion } from "./version.ts";

/** SIGTERM and SIGINT end the daemon within 5 s; what still hangs then is cut off. */
const STOP_MS = 4_500;

const version = readVersion();
const terminals = [0, 1, 2].filter(isatty);
const invocation = orExit(() => readConfig(process.argv.slice(2), version));
const { config } = invocation;
// Whatever is created is for this user alone; the socket is the exception that sets its own mode.
process.umask(0o077);
// Whoever read what it prints may leave; that is no reason to stop serving.
process.stdout.on("error", () => {});
if (invocation.command.name === "run") serve();
else import("./commands/run-command.ts").then(({ runCommand }) => runCommand(invocation)).then(end);

function serve(): void {
  expectShortLives();
  const log = createLog(config.logLevel, process.stdout, { journal: writesToJournal(process.env) });
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "Ended by an error that nobody expected");
    process.exit(1);
  });
  run(config, log);
}

function end(status: number): void {
  process.exitCode = status;
}

function orExit<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Information) {
      process.stdout.write(`${error.message}\n`);
      process.exit(0);
    }
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`rosterd: ${error.message}\n`);
    process.exit(2);
  }
}

async function run(config: Config, log: Logger): Promise<void> {
  try {
    const manager = createNotifier(process.env, log);
    const daemon = await startDaemon({ config, log, version, handedDown: handedDown(process.env) });
    const end = (signal: string) => {
      manager.stopping();
      stop(daemon, log, signal);
    };
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => end(signal));
    }
    process.on("SIGHUP", () => {
      if (hasLostTerminal()) end("SIGHUP");
      else daemon.reload(() => readConfig(process.argv.slice(2), version).config);
    });
    log.info({ url: daemon.url, socket: daemon.socketPath, data: config.data, version }, "ready");
    manager.ready();
  } catch (error) {
    refuseToStart(error, log);
  }
}

/** The kernel says SIGHUP when a terminal goes away, a service manager when the configuration has changed. */
function hasLostTerminal(): boolean {
  return terminals.some((descriptor) => !isatty(descriptor));
}

function refuseToStart(error: unknown, log: Logger): void {
  const isForOperator = [StoreError, StartError, UsageError].some((kind) => error instanceof kind);
  const message = error instanceof Error ? error.message : String(error);
  log.fatal(isForOperator ? {} : { err: error }, `Cannot start: ${message}`);
  // An operator whose terminal does not show the log would see nothing.
  if (process.stderr.isTTY && !process.stdout.isTTY) process.stderr.write(`rosterd: ${message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function stop(daemon: Daemon, log: Logger, signal: string): Promise<void> {
  log.info({ signal }, "stopping");
  setTimeout(() => {
    log.fatal("Did not end in time");
    process.exit(1);
  }, STOP_MS).unref();
  await daemon.stop();
  log.info("stopped");
}
