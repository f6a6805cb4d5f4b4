import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

const TEXT = 0x1;
const CLOSE = 0x8;

/** One masked WebSocket text frame (RFC 6455, section 5.2), made once and sent many times. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const header =
    payload.length < 126
      ? Buffer.from([0x80 | TEXT, 0x80 | payload.length])
      : Buffer.from([0x80 | TEXT, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  for (const [index, byte] of payload.entries()) payload[index] = byte ^ (mask[index % 4] ?? 0);
  return Buffer.concat([header, mask, payload]);
}

/**
 * Counts the whole text frames in a server's stream of bytes, skipping their payloads unread.
 * Throws when the server closes.
 */
export function createFrameCounter(): (chunk: Buffer) => number {
  let left: Buffer = Buffer.alloc(0);
  let skip = 0;
  let counting = false;

  return (chunk) => {
    const bytes = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    let at = 0;
    let frames = 0;
    for (;;) {
      const step = Math.min(skip, bytes.length - at);
      at += step;
      skip -= step;
      if (skip > 0) break;
      if (counting) frames += 1;
      counting = false;
      const header = headerAt(bytes, at);
      if (header === null) break;
      if (header.opcode === CLOSE) throw new Error("the server closed the connection");
      counting = header.opcode === TEXT;
      at += header.size;
      skip = header.payload;
    }
    left = bytes.subarray(at);
    return frames;
  };
}

function headerAt(bytes: Buffer, at: number): { opcode: number; size: number; payload: number } | null {
  const available = bytes.length - at;
  if (available < 2) return null;
  const opcode = (bytes[at] ?? 0) & 0x0f;
  const length = (bytes[at + 1] ?? 0) & 0x7f;
  if (length < 126) return { opcode, size: 2, payload: length };
  if (length === 126) {
    return available < 4 ? null : { opcode, size: 4, payload: bytes.readUInt16BE(at + 2) };
  }
  return available < 10 ? null : { opcode, size: 10, payload: Number(bytes.readBigUInt64BE(at + 2)) };
}

/**
 * Opens a WebSocket by hand: a client library would cost the load generator as much as the server that it
 * measures. Resolves with the socket once the server has switched protocols.
 */
export function openWebSocket(url: string, headers: Record<string, string>): Promise<Socket> {
  const { hostname, port, pathname, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const lines = [
    `GET ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("data", (answer) => {
      socket.off("error", reject);
      const status = answer.toString("latin1").split("\r\n", 1)[0];
      if (status?.startsWith("HTTP/1.1 101")) resolve(socket);
      else reject(new Error(`${url} refused the upgrade: ${status}`));
    });
  });
}
