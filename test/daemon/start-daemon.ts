import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ClientOptions } from "ws";
import { type Config, readConfig } from "../../daemon/config.ts";
import { type Daemon, startDaemon } from "../../daemon/daemon.ts";
import type { ScryptCost } from "../../daemon/directory/password-hashing.ts";
import type { Limits } from "../../daemon/limits.ts";
import { createLog, type Logger } from "../../daemon/log.ts";
import { RawClient } from "./raw-client.ts";
import { TestClock } from "./test-clock.ts";

export interface TestOptions {
  limits?: Partial<Limits>;
  config?: Partial<Config>;
  log?: Logger;
  /** Cheap unless it is said: nobody guesses at these passwords. */
  scryptCost?: ScryptCost;
}

const CHEAP_COST: ScryptCost = { logN: 1, r: 8, p: 1 };

/** A daemon in this process on a free port and a Unix socket, with a clock that only the test moves. */
export interface TestDaemon {
  clock: TestClock;
  /** The data directory. */
  directory: string;
  /** Of the TCP listener. */
  url: string;
  /** Of the Unix socket, for clients of `ws`. */
  unixUrl: string;
  /** Does what the daemon does every half second. */
  check(): Promise<void>;
  stop(): Promise<void>;
  /** What the daemon does at SIGHUP, when these parts of the configuration have changed. */
  reload(changes?: Partial<Config>): void;
  /** A client that has not authenticated, over TCP. */
  stranger(options?: ClientOptions): Promise<RawClient>;
  /** A client over TCP whose upgrade request bears a token or key. */
  bearer(secret: string, options?: ClientOptions): Promise<RawClient>;
  /** The operator, over the Unix socket. */
  operator(options?: ClientOptions): Promise<RawClient>;
}

const { config: testConfig } = readConfig([], "0.0.0-test", {});

/** Starts a daemon that ends with the test. */
export async function startTestDaemon(options: TestOptions = {}): Promise<TestDaemon> {
  const { limits, config, log, scryptCost = CHEAP_COST } = options;
  const clock = new TestClock();
  const directory = await mkdtemp(join(tmpdir(), "roster-daemon-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const started: Config = {
    ...testConfig,
    data: directory,
    listen: { host: "127.0.0.1", port: 0 },
    socket: join(directory, "rosterd.sock"),
    limits: { ...testConfig.limits, ...limits },
    ...config,
  };
  const daemon: Daemon = await startDaemon({
    config: started,
    log: log ?? createLog("silent", process.stdout),
    version: "0.0.0-test",
    clock,
    scryptCost,
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= daemon.stop();
    return stopped;
  };
  const clients: RawClient[] = [];
  onTestFinished(async () => {
    for (const { socket } of clients) socket.terminate();
    await stop();
  });

  async function open(url: string, options?: ClientOptions): Promise<RawClient> {
    const client = await RawClient.open(url, options);
    clients.push(client);
    return client;
  }

  const url = daemon.url ?? "";
  const unixUrl = `ws+unix://${daemon.socketPath}:/rpc`;
  return {
    clock,
    directory,
    url,
    unixUrl,
    check: daemon.check,
    stop,
    reload: (changes) => daemon.reload(() => ({ ...started, ...changes })),
    stranger: (options) => open(url, options),
    bearer: (secret, options) => open(url, { ...options, headers: { Authorization: `Bearer ${secret}` } }),
    operator: (options) => open(unixUrl, options),
  };
}
