import { connect as connectSocket } from "node:net";
import { userInfo } from "node:os";
import WebSocket from "ws";
import type { ClientSocket } from "../protocol/index.ts";
import { Failure } from "./failure.ts";
import { describe, type Target } from "./target.ts";

const HANDSHAKE_MS = 10_000;
/** The daemon pings every 20 s: after two missed and some slack the peer is taken for dead. */
const SILENCE_MS = 50_000;

/** Nobody is there: the socket does not exist, or nobody listens. */
export class Unreachable extends Failure {}

/** Opens WebSockets to the target; each rejects with one line that names the target and the way out. */
export function connector(target: Target): () => Promise<ClientSocket> {
  return () =>
    new Promise((resolve, reject) => {
      const socket = openSocket(target);
      socket.once("open", () => resolve(wrap(socket)));
      socket.once("error", (error) => reject(explain(target, error)));
      socket.once("unexpected-response", (request, { statusCode = 0 }) => {
        reject(explainStatus(target, statusCode));
        request.destroy();
      });
    });
}

function openSocket(target: Target): WebSocket {
  const options = {
    headers: { "Roster-Client": `${loginName()}@roster` },
    handshakeTimeout: HANDSHAKE_MS,
    perMessageDeflate: false,
    // Whatever NODE_TLS_REJECT_UNAUTHORIZED says: a password must not go to somebody else.
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
  } as const;
  if (target.kind === "url") return new WebSocket(target.url, options);
  const { path } = target;
  // Not a ws+unix: address, which cannot name every path.
  return new WebSocket("ws://localhost/rpc", { ...options, createConnection: () => connectSocket({ path }) });
}

function wrap(socket: WebSocket): ClientSocket {
  watchSilence(socket);
  // An error is followed by the close event, which tells.
  socket.on("error", () => {});
  const closed = new Promise<[number, string]>((resolve) => {
    socket.once("close", (code, reason) => resolve([code, reason.toString()]));
  });
  return {
    send: (text) => socket.send(text, () => {}),
    close: () => socket.close(),
    onMessage: (listener) => socket.on("message", (data, isBinary) => isBinary || listener(data.toString())),
    onClose: (listener) => void closed.then(([code, reason]) => listener(code, reason)),
  };
}

function watchSilence(socket: WebSocket): void {
  const timer = setTimeout(() => socket.terminate(), SILENCE_MS);
  const heard = () => timer.refresh();
  socket.on("ping", heard).on("message", heard);
  socket.once("close", () => clearTimeout(timer));
}

/** A header value: what is not printable ASCII cannot stand in it. */
function loginName(): string {
  return nameOfUser().replace(/[^\x21-\x7E]/g, "?");
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SYSTEM_ERROR") throw error;
    // The user id has no entry in the password database, as in many containers.
    return `uid-${process.getuid?.()}`;
  }
}

function explain(target: Target, error: NodeJS.ErrnoException): Failure {
  const name = describe(target);
  const wayOut = "start one with rosterd, or name another by --socket PATH or --url ws://HOST:PORT";
  switch (error.code) {
    case "ENOENT":
      return new Unreachable(`no daemon at ${name}, which does not exist: ${wayOut}`);
    case "ECONNREFUSED":
      return new Unreachable(`no daemon at ${name}, where nobody listens: ${wayOut}`);
    case "EACCES":
      return new Failure(`${name} is not open to you: ask its owner, or use --url with a key`);
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return new Failure(`the certificate of ${name} is for another host name: use the name that it is for`);
    case "CERT_HAS_EXPIRED":
      return new Failure(`the certificate of ${name} has expired: have it renewed`);
    case "CERT_NOT_YET_VALID":
      return new Failure(`the certificate of ${name} is not valid yet: compare the clocks`);
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return new Failure(
        `the certificate of ${name} is of an authority unknown here: if it is yours, name its file by NODE_EXTRA_CA_CERTS`,
      );
    case "EPROTO":
      return new Failure(`${name} does not speak TLS: use ws:// instead of wss:// if it is on this machine`);
    default:
      return new Failure(`no connection to ${name}: ${error.message || error.code}`);
  }
}

function explainStatus(target: Target, status: number): Failure {
  const name = describe(target);
  switch (status) {
    case 403:
      return new Failure(`the daemon at ${name} refuses that host name: have it added to --allowed-hosts`);
    case 503:
      return new Failure(`the daemon at ${name} is full or not ready: try again later`);
    default:
      return new Failure(`${name} is not a rosterd: it answered HTTP ${status}`);
  }
}
