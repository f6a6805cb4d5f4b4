import { isIP, isIPv6 } from "node:net";
import { type Kind, same, textual } from "./kinds.ts";

export interface TcpAddress {
  host: string;
  port: number;
}

export const address: Kind<TcpAddress> = textual(
  "HOST:PORT, such as 127.0.0.1:7420 or [::1]:7420",
  "host:port",
  readAddress,
  ({ host, port }) => (isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`),
);

export const hostName = textual(
  "host names without a port",
  "names",
  (text) => (/^[a-z0-9._-]+$/i.test(text) || isIP(text) ? text.toLowerCase() : undefined),
  same,
);

export const origin = textual(
  "origins, such as https://studio.example",
  "origins",
  (text) => (/^[a-z][a-z0-9+.-]*:\/\/[^/\s?#]+$/i.test(text) ? text.toLowerCase() : undefined),
  same,
);

export const network = textual(
  "addresses or networks, such as 192.0.2.7 or 10.0.0.0/8",
  "addresses",
  (text) => (isNetwork(text) ? text : undefined),
  same,
);

function readAddress(text: string): TcpAddress | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

function isNetwork(text: string): boolean {
  const [, host = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(host);
  return version !== 0 && (prefix === undefined || Number(prefix) <= (version === 4 ? 32 : 128));
}
