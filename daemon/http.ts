import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { StoreStatus } from "./store/store.ts";

export const RPC_PATH = "/rpc";

/** An HTTP answer of one line. */
export interface HttpAnswer {
  status: number;
  text: string;
  headers?: Record<string, string>;
}

/** Answers what is not a WebSocket: is the process alive, and do reads and writes work. */
export function createHttpHandler(status: () => StoreStatus) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { status: code, text, headers } = answer(request, status);
    response.writeHead(code, {
      "Content-Type": "text/plain; charset=utf-8",
      "Cache-Control": "no-store",
      ...headers,
    });
    response.end(request.method === "HEAD" ? undefined : `${text}\n`);
  };
}

function answer({ url, method }: IncomingMessage, status: () => StoreStatus): HttpAnswer {
  if (url === RPC_PATH) {
    return {
      status: 426,
      text: "This is a WebSocket.",
      headers: { Upgrade: "websocket", Connection: "Upgrade" },
    };
  }
  if (url !== "/healthz" && url !== "/readyz") return notFound;
  if (method !== "GET" && method !== "HEAD") {
    return { status: 405, text: "Only GET and HEAD.", headers: { Allow: "GET, HEAD" } };
  }
  return url === "/healthz" ? { status: 200, text: "ok" } : readiness(status());
}

function readiness({ healthy, reason }: StoreStatus): HttpAnswer {
  return healthy
    ? { status: 200, text: "ready" }
    : { status: 503, text: reason ?? "The store is not ready." };
}

export const notFound: HttpAnswer = {
  status: 404,
  text: `Nothing is here: ${RPC_PATH} is the WebSocket, /healthz and /readyz tell how the daemon is.`,
};

/** Answers an upgrade request that is refused, and ends its connection. */
export function refuseUpgrade(socket: Duplex, { status, text, headers = {} }: HttpAnswer): void {
  const body = `${text}\n`;
  const head = Object.entries({
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": String(Buffer.byteLength(body)),
    Connection: "close",
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  socket.once("finish", () => socket.destroy());
  socket.end(
    [`HTTP/1.1 ${status} ${status < 500 ? "Refused" : "Unavailable"}`, ...head, "", body].join("\r\n"),
  );
}
