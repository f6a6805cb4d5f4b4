import type { AddressInfo } from "node:net";
import { type RawData, type WebSocket, WebSocketServer } from "ws";

/** What a peer does with a message: it answers on the socket, now or later. */
export type Answer = (message: string, socket: WebSocket) => void;

/**
 * Serves a peer on a free loopback port, without compression. Says `ready` as `rosterd` does, and ends with
 * the bench, which holds the other end of its standard input.
 */
export function serve(answer: Answer): void {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", (socket) => {
    socket.on("message", (data: RawData) => answer(data.toString(), socket));
  });
  server.on("listening", () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${JSON.stringify({ msg: "ready", url: `ws://127.0.0.1:${port}/rpc` })}\n`);
  });
  process.stdin.resume().on("end", () => process.exit());
}
