import { createNetworks } from "./addresses.ts";
import { bootstrap } from "./bootstrap.ts";
import { type Clock, systemClock } from "./clock.ts";
import { takeOver } from "./config/take-over.ts";
import { UsageError } from "./config/usage-error.ts";
import type { Config } from "./config.ts";
import { Connections } from "./connections.ts";
import { createAttempts } from "./directory/attempts.ts";
import { createDirectory, type DirectoryParts, initialRecords } from "./directory/directory.ts";
import { createDispatch } from "./dispatch.ts";
import { handlers } from "./handlers.ts";
import type { Logger } from "./log.ts";
import { Meters } from "./metrics/meters.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { Server } from "./server.ts";
import type { HandedDown } from "./service-manager.ts";
import { openJsonStore } from "./store/json/json-store.ts";
import { Subscriptions } from "./subscriptions.ts";
import { createSystem } from "./system.ts";
import { every } from "./timers.ts";
import { certificateEnd, readTls } from "./tls.ts";

export interface DaemonParts {
  config: Config;
  log: Logger;
  version: string;
  clock?: Clock;
  /** Listeners that the service manager has opened; they go before the configuration's. */
  handedDown?: HandedDown;
  /** Cheaper password hashing, for tests. */
  scryptCost?: DirectoryParts["scryptCost"];
}

export interface Daemon {
  /** Where the TCP listener is, with the port that was picked; null without one. */
  url: string | null;
  socketPath: string | null;
  /** Does now what it otherwise does every half second: what depends on time, or on what others changed. */
  check(): Promise<void>;
  /**
   * Takes over what `read` says now, as far as that goes without a restart, and reads the certificate's files again.
   * The log says what changed, what needs a restart, and what was no good and stays as it was.
   */
  reload(read: () => Config): void;
  /** Closes the connections, then the store; nothing acknowledged is lost. */
  stop(): Promise<void>;
}

const CHECK_MS = 500;
const MINUTE_MS = 60_000;

/**
 * Composes the daemon and opens its listeners.
 *
 * Throws `StoreError`, `StartError` or, for a bad certificate, `UsageError`: one line for the operator.
 */
export async function startDaemon(parts: DaemonParts): Promise<Daemon> {
  const { log, version, clock = systemClock, scryptCost } = parts;
  // Ours to change: what is reloaded is written into it. By JSON, so that settings with one default share no list.
  const config: Config = JSON.parse(JSON.stringify(parts.config));
  const { limits } = config;
  const { now } = clock;
  /** What is served; null without TLS. */
  let tls = readConfiguredTls();
  const initial = initialRecords();
  const meters = new Meters();
  const store = await openJsonStore({ directory: config.data, initial, log, meter: meters, now });
  store.onEntries((entries) => {
    for (const { type, outcome, count } of entries) meters.entries.add(`${type} ${outcome}`, count);
  });
  const connections = new Connections();
  const attempts = createAttempts({ store, now });
  const directory = createDirectory({
    store,
    now,
    attempts,
    connectionsOf: (keyId) => connections.ofKey(keyId),
    scryptCost: scryptCost ?? config.password.scrypt,
    minPasswordLength: config.password.minLength,
    sessionLengths: config.session,
    settingsDefaults: config.settings.defaults,
    presenceStatuses: config.presence.statuses,
    retention: config.retention,
    limits,
  });
  const subscriptions = new Subscriptions({ store, limits, clock, log });
  const system = createSystem({ store, version, limits, startedAt: now() });
  const context = { directory, subscriptions, system };
  const dispatch = createDispatch({ store, handlers, context, attempts, log, meters, now });
  const policy = {
    ...peersOf(config),
    trustsSocket: config.socketAuth === "operator",
    authenticateBearer: directory.auth.authenticateBearer,
  };
  const metrics = createMetrics({
    meters,
    store,
    connections,
    subscriptions,
    hashing: directory.hashingLoad,
    version,
    certificateEnd: () => tls && certificateEnd(tls),
  });
  const peers = { connections, subscriptions, policy, limits };
  const server = new Server({ ...peers, store, dispatch, clock, log, meters, metrics });

  function readConfiguredTls() {
    const { cert, key } = config.tls;
    return cert === null || key === null ? null : readTls({ cert, key }, now());
  }

  function reloadCertificate(): void {
    try {
      const renewed = readConfiguredTls();
      if (renewed === null) return;
      server.renewTls(renewed);
      tls = renewed;
      log.info("Reloaded the certificate");
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      log.error(`The certificate stays as it was: ${error.message}`);
    }
  }

  async function check(): Promise<void> {
    await directory.sweep(now(), clock.elapsed());
    await server.check();
    subscriptions.tellPositions();
  }

  async function close(): Promise<void> {
    await server.stop();
    attempts.flush();
    await store.close();
  }

  try {
    await bootstrap({ bootstrap: config.bootstrap, store, dispatch, log });
    const { url, socketPath } = await server.listen({ ...config, tls, handedDown: parts.handedDown });
    const timers = [every(CHECK_MS, check, log), every(MINUTE_MS, async () => attempts.flush(), log)];
    return {
      url,
      socketPath,
      check,
      reload(read) {
        reload(config, read, log);
        log.level = config.logLevel;
        Object.assign(policy, peersOf(config));
        server.renewLimits();
        reloadCertificate();
      },
      async stop() {
        for (const timer of timers) timer.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Who may connect, and through whom. */
function peersOf({ allowedHosts, allowedOrigins, trustedProxies, listen }: Config) {
  return {
    hosts: new Set([...allowedHosts, ...(listen ? [listen.host.toLowerCase()] : [])]),
    origins: new Set(allowedOrigins),
    proxies: createNetworks(trustedProxies),
  };
}

function reload(config: Config, read: () => Config, log: Logger): void {
  try {
    const { changed, needRestart } = takeOver(config, read());
    if (changed.length > 0) log.info({ changed }, `Reloaded the configuration: ${changed.join(", ")}`);
    else log.info("Reloaded the configuration: nothing that can be taken over has changed");
    if (needRestart.length > 0) log.warn({ needRestart }, `Restart for ${needRestart.join(", ")} to change`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    log.error(`The configuration stays as it was: ${error.message}`);
  }
}
