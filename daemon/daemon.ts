import { createNetworks } from "./addresses.ts";
import { bootstrap } from "./bootstrap.ts";
import { type Clock, systemClock } from "./clock.ts";
import { UsageError } from "./config/usage-error.ts";
import type { Config } from "./config.ts";
import { Connections } from "./connections.ts";
import { createAttempts } from "./directory/attempts.ts";
import { createDirectory, type DirectoryParts, initialRecords } from "./directory/directory.ts";
import { createDispatch } from "./dispatch.ts";
import { handlers } from "./handlers.ts";
import type { Logger } from "./log.ts";
import { Server } from "./server.ts";
import { openJsonStore } from "./store/json/json-store.ts";
import { Subscriptions } from "./subscriptions.ts";
import { createSystem } from "./system.ts";
import { every } from "./timers.ts";
import { readTls } from "./tls.ts";

export interface DaemonParts {
  config: Config;
  log: Logger;
  version: string;
  clock?: Clock;
  /** Cheaper password hashing, for tests. */
  scryptCost?: DirectoryParts["scryptCost"];
}

export interface Daemon {
  /** Where the TCP listener is, with the port that was picked; null without one. */
  url: string | null;
  socketPath: string | null;
  /** Does now what it otherwise does every half second: what depends on time, or on what others changed. */
  check(): Promise<void>;
  /** Reads the certificate's files again; when they are no good, the log says why and the old one stays. */
  reloadCertificate(): void;
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
  const { config, log, version, clock = systemClock, scryptCost } = parts;
  const { limits } = config;
  const { now } = clock;
  const tls = readConfiguredTls();
  const initial = initialRecords();
  const store = await openJsonStore({ directory: config.data, initial, log, now });
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
  const dispatch = createDispatch({ store, handlers, context, attempts, log, now });
  const policy = {
    hosts: new Set([...config.allowedHosts, ...(config.listen ? [config.listen.host.toLowerCase()] : [])]),
    origins: new Set(config.allowedOrigins),
    proxies: createNetworks(config.trustedProxies),
    trustsSocket: config.socketAuth === "operator",
    authenticateBearer: directory.auth.authenticateBearer,
  };
  const server = new Server({ store, connections, dispatch, subscriptions, policy, limits, clock, log });

  function readConfiguredTls() {
    const { cert, key } = config.tls;
    return cert === null || key === null ? null : readTls({ cert, key }, now());
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
    const { url } = await server.listen({ ...config, tls });
    const timers = [every(CHECK_MS, check, log), every(MINUTE_MS, async () => attempts.flush(), log)];
    return {
      url,
      socketPath: config.socket,
      check,
      reloadCertificate() {
        try {
          const renewed = readConfiguredTls();
          if (renewed === null) return;
          server.renewTls(renewed);
          log.info("Reloaded the certificate");
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          log.error(`The certificate stays as it was: ${error.message}`);
        }
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
