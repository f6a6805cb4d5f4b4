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

export interface HttpParts {
  status: () => StoreStatus;
  /** Judges who asks; never rejects. */
  metrics: (request: IncomingMessage) => Promise<HttpAnswer>;
}

/** Answers what is not a WebSocket: is the process alive, do reads and writes work, and how much of what it does. */
export function createHttpHandler(parts: HttpParts) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status: code, text, headers } = await answer(request, parts);
    response.writeHead(code, {
      "Content-Type": "text/plain; charset=utf-8",
      "Cache-Control": "no-store",
      ...headers,
    });
    response.end(request.method === "HEAD" ? undefined : `${text}\n`);
  };
}

async function answer(request: IncomingMessage, { status, metrics }: HttpParts): Promise<HttpAnswer> {
  const { url, method } = request;
  if (url === RPC_PATH) {
    return {
      status: 426,
      text: "This is a WebSocket.",
      headers: { Upgrade: "websocket", Connection: "Upgrade" },
    };
  }
  if (url !== "/healthz" && url !== "/readyz" && url !== "/metrics") return notFound;
  if (method !== "GET" && method !== "HEAD") {
    return { status: 405, text: "Only GET and HEAD.", headers: { Allow: "GET, HEAD" } };
  }
  if (url === "/metrics") return metrics(request);
  return url === "/healthz" ? { status: 200, text: "ok" } : readiness(status());
}

function readiness({ healthy, reason }: StoreStatus): HttpAnswer {
  return healthy
    ? { status: 200, text: "ready" }
    : { status: 503, text: reason ?? "The store is not ready." };
}

export const notFound: HttpAnswer = {
  status: 404,
  text: `Nothing is here: ${RPC_PATH} is the WebSocket; /healthz, /readyz and /metrics tell how the daemon is.`,
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
