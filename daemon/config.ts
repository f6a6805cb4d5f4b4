import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { isLoopback } from "./addresses.ts";
import { type LogLevel, logLevels } from "./log.ts";

export interface TcpAddress {
  host: string;
  port: number;
}

export interface Config {
  dataDirectory: string;
  /** Null: no TCP listener. */
  listen: TcpAddress | null;
  /** Path of the Unix socket; null: none. */
  socket: string | null;
  /** Names, beside loopback ones, that clients may call the daemon by. */
  allowedHosts: readonly string[];
  /** Origins, beside loopback ones, whose pages may connect. */
  allowedOrigins: readonly string[];
  logLevel: LogLevel;
}

/** Wrong usage or configuration: one line for standard error, exit status 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** What the caller asked for instead of a daemon: the help or the version. */
export class Information extends Error {
  override name = "Information";
}

interface Flags {
  data?: string;
  listen: TcpAddress | "off";
  socket?: string;
  insecureTcp?: boolean;
  allowedHosts: string[];
  allowedOrigins: string[];
  logLevel: LogLevel;
}

/** Linux's limit for a socket's path (`sun_path` with its closing NUL), in bytes. */
const LONGEST_SOCKET_PATH = 107;

/**
 * Reads the command line and the environment; nothing else in the daemon does.
 *
 * Throws `UsageError` for what is wrong with them, `Information` for `--help` and `--version`.
 */
export function readConfig(argv: readonly string[], version: string): Config {
  const flags = parse(createCommand(version), argv);
  const dataDirectory = resolve(flags.data || defaultDataDirectory());
  const socket = flags.socket || join(first(process.env.RUNTIME_DIRECTORY) ?? dataDirectory, "rosterd.sock");
  const config: Config = {
    dataDirectory,
    listen: flags.listen === "off" ? null : flags.listen,
    socket: socket === "off" ? null : resolve(socket),
    allowedHosts: flags.allowedHosts,
    allowedOrigins: flags.allowedOrigins,
    logLevel: flags.logLevel,
  };
  refuseNonsense(config, flags.insecureTcp || isTrue("ROSTER_INSECURE_TCP"));
  return config;
}

function createCommand(version: string): Command {
  return new Command("rosterd")
    .description("The Roster directory daemon: users, roles, keys and settings over JSON-RPC 2.0.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addArgument(new Argument("[command]", "what to do").choices(["run"]).default("run"))
    .addOption(
      new Option(
        "--data <directory>",
        "where the directory is kept ($STATE_DIRECTORY, else $ROSTER_DATA, else $XDG_STATE_HOME/roster)",
      ),
    )
    .addOption(
      new Option("--listen <host:port|off>", "TCP address; port 0 picks a free one")
        .env("ROSTER_LISTEN")
        .argParser(parseListen)
        .default({ host: "127.0.0.1", port: 7420 }, "127.0.0.1:7420"),
    )
    .addOption(
      new Option(
        "--socket <path|off>",
        "Unix socket; who may open it is the operator (rosterd.sock in $RUNTIME_DIRECTORY, else in the data directory)",
      ).env("ROSTER_SOCKET"),
    )
    .addOption(
      new Option(
        "--insecure-tcp",
        "listen without TLS on an address that is not loopback (env: ROSTER_INSECURE_TCP)",
      ),
    )
    .addOption(
      new Option("--allowed-hosts <names>", "further names that clients may call this daemon by, by commas")
        .env("ROSTER_ALLOWED_HOSTS")
        .argParser(parseList)
        .default([], "none"),
    )
    .addOption(
      new Option("--allowed-origins <origins>", "web origins whose pages may connect, by commas")
        .env("ROSTER_ALLOWED_ORIGINS")
        .argParser(parseList)
        .default([], "none"),
    )
    .addOption(
      new Option("--log-level <level>", "least important level to log")
        .env("ROSTER_LOG_LEVEL")
        .choices(logLevels)
        .default("info"),
    )
    .addHelpText("after", "\nExit status: 0 well, 1 failed, 2 wrong usage or configuration.")
    .exitOverride();
}

function parse(command: Command, argv: readonly string[]): Flags {
  let printed = "";
  command.configureOutput({
    writeOut: (text) => {
      printed += text;
    },
    writeErr: () => {},
  });
  try {
    return command.parse(argv, { from: "user" }).opts<Flags>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) throw new Information(printed.trimEnd());
    const message = error.message.replace(/^error: /, "").replaceAll("\n", " ");
    throw new UsageError(`${message} (see rosterd --help)`);
  }
}

function parseListen(text: string): TcpAddress | "off" {
  if (text === "off") return text;
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) > 65_535) {
    throw new InvalidArgumentError("Write HOST:PORT, such as 127.0.0.1:7420 or [::1]:7420, or off.");
  }
  return { host, port: Number(port) };
}

function parseList(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== "");
}

function isTrue(variable: string): boolean {
  const value = process.env[variable] ?? "";
  if (["", "0", "false", "no"].includes(value)) return false;
  if (["1", "true", "yes"].includes(value)) return true;
  throw new UsageError(`${variable} is "${value}": write 1 or 0`);
}

/** systemd passes several directories separated by colons; ours is the first. */
function first(directories: string | undefined): string | undefined {
  return directories?.split(":")[0] || undefined;
}

function defaultDataDirectory(): string {
  const { STATE_DIRECTORY, ROSTER_DATA, XDG_STATE_HOME } = process.env;
  return (
    first(STATE_DIRECTORY) ||
    ROSTER_DATA ||
    join(XDG_STATE_HOME || join(homedir(), ".local", "state"), "roster")
  );
}

function refuseNonsense({ listen, socket }: Config, insecureTcp: boolean): void {
  if (listen === null && socket === null) {
    throw new UsageError("--listen and --socket are both off: nobody could reach the daemon; leave one on");
  }
  if (listen !== null && !isLoopback(listen.host) && !insecureTcp) {
    throw new UsageError(
      `--listen ${listen.host} is not a loopback address and passwords would cross the network in clear: ` +
        "listen on 127.0.0.1, or give --insecure-tcp if the network is trusted",
    );
  }
  if (socket !== null && Buffer.byteLength(socket) > LONGEST_SOCKET_PATH) {
    throw new UsageError(
      `the socket path ${socket} is longer than ${LONGEST_SOCKET_PATH} bytes: give a shorter one with --socket`,
    );
  }
}
