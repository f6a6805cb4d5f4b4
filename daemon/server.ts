import { createServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import type { SecureContextOptions } from "node:tls";
import { type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "./clock.ts";
import { closeCodes, closeLabel } from "./close-codes.ts";
import type { TcpAddress } from "./config/address-kinds.ts";
import { Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { type Caller, resolveCaller } from "./directory/caller.ts";
import type { Dispatch } from "./dispatch.ts";
import { createHttpHandler, RPC_PATH, refuseUpgrade } from "./http.ts";
import type { Limits } from "./limits.ts";
import { listenTcp, takeTcp } from "./listen.ts";
import type { Logger } from "./log.ts";
import type { Meters } from "./metrics/meters.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { createMetricsPage } from "./metrics/page.ts";
import { noteDrops, socketsThatFit, warnOfFewFiles } from "./open-files.ts";
import type { HandedDown } from "./service-manager.ts";
import type { Store } from "./store/store.ts";
import type { Subscriptions } from "./subscriptions.ts";
import { listenUnix, takeUnix } from "./unix-socket.ts";
import {
  addressOf,
  assertAllowed,
  callerOf,
  clientLabel,
  type Door,
  type UpgradePolicy,
  UpgradeRefused,
} from "./upgrade.ts";

export interface ServerParts {
  store: Store;
  connections: Connections;
  dispatch: Dispatch;
  subscriptions: Subscriptions;
  policy: UpgradePolicy;
  limits: Limits;
  clock: Clock;
  log: Logger;
  meters: Meters;
  metrics: Metrics;
}

export interface Addresses {
  listen: TcpAddress | null;
  socket: string | null;
  /** Of the TCP listener; null: without TLS. */
  tls: SecureContextOptions | null;
  insecureTcp: boolean;
  handedDown?: HandedDown | undefined;
}

/** Where the listeners are, with the port that was picked; null for one that is off. */
export interface Listening {
  url: string | null;
  socketPath: string | null;
}

/** How long a plain HTTP request may take to arrive. */
const REQUEST_TIMEOUT_MS = 10_000;
const REQUEST_CHECK_MS = 2_000;
/** How long a peer has to answer a closing handshake before its socket is destroyed. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Sockets of a listener that are no WebSockets (yet), beside the connections. */
const PLAIN_SOCKETS = 200;

/** The listeners and the connections that came in by them. */
export class Server {
  readonly #parts: ServerParts;
  readonly #webSockets: WebSocketServer;
  readonly #listeners: (HttpServer | TlsServer)[] = [];
  /** All that came in by TCP and is open, whatever is spoken on it. */
  readonly #sockets = new Set<Socket>();
  /** Connections whose bearer is being checked. */
  #opening = 0;
  #stopping = false;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    const options = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: parts.limits.frameBytes,
      closeTimeout: CLOSE_TIMEOUT_MS,
    };
    this.#webSockets = new WebSocketServer(options);
  }

  /** Opens the listeners, or takes those that were handed down. Throws `StartError`. */
  async listen(addresses: Addresses): Promise<Listening> {
    warnOfFewFiles(this.#parts.limits.connections, this.#parts.log);
    return { socketPath: await this.#listenUnix(addresses), url: await this.#listenTcp(addresses) };
  }

  async #listenUnix({ socket, handedDown }: Addresses): Promise<string | null> {
    const given = handedDown?.unix;
    if (given) await takeUnix(this.#createListener("unix", null), given);
    else if (socket !== null) await listenUnix(this.#createListener("unix", null), socket);
    return given?.path ?? socket;
  }

  async #listenTcp({ listen, tls, insecureTcp, handedDown }: Addresses): Promise<string | null> {
    const descriptor = handedDown?.tcp ?? null;
    if (descriptor === null && listen === null) return null;
    const server = this.#createListener("tcp", tls);
    if (descriptor !== null) await takeTcp(server, descriptor, { secured: tls !== null || insecureTcp });
    else if (listen !== null) await listenTcp(server, listen);
    return urlOf(server, tls === null ? "ws" : "wss");
  }

  /** Connections from now on are served this certificate. */
  renewTls(tls: SecureContextOptions): void {
    for (const listener of this.#listeners)
      if ("setSecureContext" in listener) listener.setSecureContext(tls);
  }

  /** Looks up those limits that the listeners keep for themselves; for connections from now on. */
  renewLimits(): void {
    const { frameBytes, connections } = this.#parts.limits;
    this.#webSockets.options.maxPayload = frameBytes;
    const sockets = socketsThatFit(connections + PLAIN_SOCKETS);
    for (const listener of this.#listeners) listener.maxConnections = sockets;
    warnOfFewFiles(connections, this.#parts.log);
  }

  /** Enforces what depends on time or on somebody else's changes; to be called about twice a second. */
  async check(): Promise<void> {
    const at = new Date(this.#parts.clock.now()).toISOString();
    for (const connection of [...this.#parts.connections]) {
      connection.checkTime();
      const { caller } = connection;
      const by = await resolveCaller(this.#parts.store, caller, at);
      if (by === undefined && connection.caller === caller) {
        connection.close(closeCodes.principalLost, "the session, key or account has ended");
      }
    }
  }

  /** Takes no more connections and says goodbye; those that do not answer within 2 s are cut. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const closed = this.#listeners.map((listener) => new Promise((resolve) => listener.close(resolve)));
    for (const listener of this.#listeners) listener.closeAllConnections();
    for (const connection of this.#parts.connections)
      connection.close(closeCodes.goingAway, "the daemon is stopping");
    // Who has begun a TLS handshake and does not go on is not seen by the lines above.
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, CLOSE_TIMEOUT_MS);
    await Promise.all(closed);
    clearTimeout(cut);
  }

  #createListener(door: Door, tls: SecureContextOptions | null): HttpServer | TlsServer {
    const { store, limits, log, policy, metrics } = this.#parts;
    const options = {
      headersTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      handshakeTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: REQUEST_CHECK_MS,
    };
    const handler = createHttpHandler({
      status: () => store.status(),
      metrics: createMetricsPage({ door, store, policy, metrics, clock: this.#parts.clock, log }),
    });
    const server = tls ? createTlsServer({ ...options, ...tls }, handler) : createServer(options, handler);
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    server.maxConnections = socketsThatFit(limits.connections + PLAIN_SOCKETS);
    noteDrops(server, this.#parts);
    server.on("upgrade", (request: IncomingMessage, _socket: unknown, head: Buffer) => {
      this.#upgrade(request, head, door).catch((error) => {
        log.error({ err: error }, "A connection could not be opened");
        request.socket.destroy();
      });
    });
    this.#listeners.push(server);
    return server;
  }

  async #upgrade(request: IncomingMessage, head: Buffer, door: Door): Promise<void> {
    const { socket } = request;
    const { log, policy } = this.#parts;
    const silence = (): void => {};
    socket.on("error", silence);
    const client = clientLabel(request);
    const address = addressOf(request, door, policy);
    this.#opening += 1;
    try {
      assertAllowed(request, door, policy);
      this.#assertRoom(request, address);
      const caller = await callerOf(request, { door, address, client }, policy);
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.#open(webSocket, request.socket, caller, { address, client });
      });
    } catch (error) {
      if (!(error instanceof UpgradeRefused)) throw error;
      const { status, text } = error.answer;
      this.#parts.meters.connectionsRefused.add(String(status));
      log.info({ status, reason: text, address, client }, "Refused a connection");
      refuseUpgrade(socket, error.answer);
    } finally {
      this.#opening -= 1;
    }
  }

  #assertRoom(request: IncomingMessage, address: string | null): void {
    const { connections, limits } = this.#parts;
    if (this.#stopping) throw new UpgradeRefused({ status: 503, text: "The daemon is stopping." });
    if (connections.size + this.#opening > limits.connections) {
      const text = `All ${limits.connections} connections are taken: try again later.`;
      throw new UpgradeRefused({ status: 503, text, headers: { "Retry-After": "10" } });
    }
    if (address === null || request.headers.authorization !== undefined) return;
    if (connections.anonymousFrom(address) >= limits.anonymousPerAddress) {
      const text = `${limits.anonymousPerAddress} connections from ${address} have not authenticated yet: finish those first.`;
      throw new UpgradeRefused({ status: 429, text, headers: { "Retry-After": "10" } });
    }
  }

  #open(
    socket: WebSocket,
    stream: Socket,
    caller: Caller,
    { address, client }: { address: string | null; client: string | null },
  ): void {
    const { connections, dispatch, subscriptions, limits, clock, log, meters } = this.#parts;
    const connection = new Connection({
      socket,
      stream,
      caller,
      address,
      client,
      dispatch,
      limits,
      clock,
      log,
      meters,
      onForsaken: (forsaken) => subscriptions.endAll(forsaken),
      onClosed: (closed) => {
        connections.delete(closed);
        subscriptions.detach(closed);
      },
    });
    connections.add(connection);
    meters.connectionsOpened += 1;
    socket.once("close", (code) => meters.connectionsClosed.add(closeLabel(code)));
    subscriptions.attach(connection);
    if (this.#stopping) connection.close(closeCodes.goingAway, "the daemon is stopping");
  }
}

function urlOf(server: HttpServer, scheme: "ws" | "wss"): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The TCP listener has no address");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `${scheme}://${host}:${address.port}${RPC_PATH}`;
}
