import { resolve } from "node:path";
import { isLoopback } from "./addresses.ts";
import { type Asked, parseCommandLine } from "./config/command-line.ts";
import { environmentSource } from "./config/environment.ts";
import { type Resolved, resolveAll, rows, type Source } from "./config/resolve.ts";
import { fill, type Surroundings, type Values } from "./config/setting.ts";
import { table } from "./config/table.ts";
import { readTomlFile } from "./config/toml-file.ts";
import { UsageError } from "./config/usage-error.ts";

/** What the daemon is told; see `config/table.ts`. */
export type Config = Values<typeof table>;

/** A command line with the configuration that it runs under. */
export interface Invocation {
  command: Asked;
  config: Config;
  /** Each value with where it came from. */
  resolved: readonly Resolved[];
  /** The configuration file; null without one. */
  file: string | null;
}

/** Linux's limit for a socket's path (`sun_path` with its closing NUL), in bytes. */
const LONGEST_SOCKET_PATH = 107;

/**
 * Reads the command line, the environment and the configuration file; nothing else in the daemon does.
 *
 * Throws `UsageError` for what is wrong with them, `Information` for `--help` and `--version`.
 */
export function readConfig(
  argv: readonly string[],
  version: string,
  environment: Surroundings["environment"] = process.env,
): Invocation {
  const { command, configFile, flags } = parseCommandLine(argv, version);
  const named = configFile ?? environment.ROSTER_CONFIG;
  const file = named ? resolve(named) : null;
  const sources: Source[] = [flags, environmentSource(environment)];
  if (file !== null) sources.push(readTomlFile(file, rows));
  const resolved = resolveAll(sources, environment);
  const config = fill(table, (key) => resolved.get(key)?.value);
  refuseNonsense(config);
  return { command, config, resolved: [...resolved.values()], file };
}

function refuseNonsense(config: Config): void {
  const { listen, socket, tls, insecureTcp, limits, settings, bootstrap } = config;
  if (listen === null && socket === null) {
    throw new UsageError("--listen and --socket are both off: nobody could reach the daemon; leave one on");
  }
  if ((tls.cert === null) !== (tls.key === null)) {
    const [there, missing] = tls.cert === null ? ["key", "cert"] : ["cert", "key"];
    throw new UsageError(`tls.${there} is of no use without tls.${missing}: give both`);
  }
  if (listen !== null && !isLoopback(listen.host) && tls.cert === null && !insecureTcp) {
    throw new UsageError(
      `--listen ${listen.host} is not a loopback address and passwords would cross the network in clear: ` +
        "give --tls-cert and --tls-key, listen on 127.0.0.1, or give --insecure-tcp if the network is trusted",
    );
  }
  if (socket !== null && Buffer.byteLength(socket) > LONGEST_SOCKET_PATH) {
    throw new UsageError(
      `the socket path ${socket} is longer than ${LONGEST_SOCKET_PATH} bytes: give a shorter one with --socket`,
    );
  }
  if (limits.anonymousFrameBytes > limits.frameBytes) {
    throw new UsageError(
      `limits.anonymousFrameBytes (${limits.anonymousFrameBytes}) is above limits.frameBytes (${limits.frameBytes})`,
    );
  }
  if (bootstrap.username !== null && bootstrap.passwordFile === null) {
    throw new UsageError("bootstrap.username is of no use without bootstrap.passwordFile: give both");
  }
  const bytes = Buffer.byteLength(JSON.stringify(settings.defaults));
  if (bytes > limits.settingsBytes) {
    throw new UsageError(
      `settings.defaults take ${bytes} bytes; limits.settingsBytes allows ${limits.settingsBytes}`,
    );
  }
}
