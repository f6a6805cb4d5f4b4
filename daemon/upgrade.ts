import type { IncomingMessage } from "node:http";
import type { BlockList } from "node:net";
import { ProtocolError } from "../protocol/index.ts";
import { forwardedFor, hostOf, isLoopback, plainAddress } from "./addresses.ts";
import type { Caller } from "./directory/caller.ts";
import { type HttpAnswer, notFound, RPC_PATH } from "./http.ts";

/** Where a connection came in. */
export type Door = "tcp" | "unix";

export interface UpgradePolicy {
  /** Names, beside loopback ones, that clients may call the daemon by. */
  hosts: ReadonlySet<string>;
  /** Origins, beside loopback ones, whose pages may connect. */
  origins: ReadonlySet<string>;
  /** Proxies whose X-Forwarded-For is believed. */
  proxies: BlockList;
  /** Whether who opens the Unix socket is the operator. */
  trustsSocket: boolean;
  /** Whom a session token or API key speaks for. Throws 401 and 429. */
  authenticateBearer(secret: string, address: string | null): Promise<Caller>;
}

/** A WebSocket that is not opened, with the HTTP answer that says why. */
export class UpgradeRefused extends Error {
  readonly answer: HttpAnswer;

  constructor(answer: HttpAnswer) {
    super(answer.text);
    this.name = "UpgradeRefused";
    this.answer = answer;
  }
}

/**
 * Checks what a browser cannot forge. A page of another site may open WebSockets to loopback (Origin), and a site
 * whose name is made to resolve to this machine is the same origin to a browser (Host).
 */
export function assertAllowed(request: IncomingMessage, door: Door, policy: UpgradePolicy): void {
  if (request.url !== RPC_PATH) throw new UpgradeRefused(notFound);
  const { host = "", origin } = request.headers;
  if (door === "tcp" && !isOwnHost(hostOf(host), request, policy)) {
    const text = `The host name ${JSON.stringify(host)} is not one of this daemon's: add it with --allowed-hosts.`;
    throw new UpgradeRefused({ status: 403, text });
  }
  if (origin !== undefined && !isAllowedOrigin(origin, policy)) {
    const text = `Pages of ${JSON.stringify(origin)} may not connect: add the origin with --allowed-origins.`;
    throw new UpgradeRefused({ status: 403, text });
  }
}

/** Whom the upgrade request itself speaks for: its bearer, else whoever opens this door. Throws `UpgradeRefused`. */
export async function callerOf(
  request: IncomingMessage,
  { door, address, client }: { door: Door; address: string | null; client: string | null },
  policy: UpgradePolicy,
): Promise<Caller> {
  const { authorization } = request.headers;
  if (authorization !== undefined) return bearer(authorization, address, policy);
  const isOperator = door === "unix" && policy.trustsSocket;
  return isOperator ? { kind: "local", address: null, client } : { kind: "anonymous", address };
}

/** The client's address: the peer's, or what trusted proxies say of it; null on the Unix socket. */
export function addressOf(request: IncomingMessage, door: Door, policy: UpgradePolicy): string | null {
  if (door === "unix") return null;
  const peer = plainAddress(request.socket.remoteAddress ?? "");
  return forwardedFor(peer, request.headers["x-forwarded-for"], policy.proxies);
}

/** What the client calls itself, for people to read: shown as claimed, and harmless on a terminal. */
export function clientLabel({ headers }: IncomingMessage): string | null {
  const claimed = headers["roster-client"] ?? headers["user-agent"] ?? "";
  const text = Buffer.from(String(claimed), "latin1").toString("utf8").normalize("NFC");
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, "").trim();
  return [...clean].slice(0, LONGEST_LABEL).join("") || null;
}

const LONGEST_LABEL = 200;

/** An address that the connection really came in by cannot be a rebound name, so it passes as well. */
function isOwnHost(host: string, { socket }: IncomingMessage, { hosts }: UpgradePolicy): boolean {
  return isLoopback(host) || hosts.has(host) || host === plainAddress(socket.localAddress ?? "");
}

function isAllowedOrigin(origin: string, { origins }: UpgradePolicy): boolean {
  if (origins.has(origin.toLowerCase())) return true;
  return URL.canParse(origin) && isLoopback(hostOf(new URL(origin).host));
}

async function bearer(header: string, address: string | null, policy: UpgradePolicy): Promise<Caller> {
  const [, secret] = /^Bearer +(\S+) *$/i.exec(header) ?? [];
  if (secret === undefined) throw unauthorized("Send the header as: Authorization: Bearer TOKEN-OR-KEY");
  try {
    return await policy.authenticateBearer(secret, address);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    if (error.code === 401) throw unauthorized(error.message);
    throw new UpgradeRefused({ status: error.code, text: error.message });
  }
}

function unauthorized(text: string): UpgradeRefused {
  return new UpgradeRefused({ status: 401, text, headers: { "WWW-Authenticate": 'Bearer realm="roster"' } });
}
