import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { isLoopback } from "./addresses.ts";
import type { TcpAddress } from "./config/address-kinds.ts";
import { StartError } from "./start-error.ts";

/** Listens on a TCP address. Throws `StartError`. */
export async function listenTcp(server: Server, { host, port }: TcpAddress): Promise<void> {
  server.listen({ host, port });
  await listening(server, `${host}:${port}`);
}

/**
 * Takes a TCP socket that was handed down. Throws `StartError` where passwords would cross a network in clear, as
 * the configuration refuses it of an address of its own.
 */
export async function takeTcp(
  server: Server,
  descriptor: number,
  { secured }: { secured: boolean },
): Promise<void> {
  server.listen({ fd: descriptor });
  await listening(server, `the TCP socket that was handed down as descriptor ${descriptor}`);
  const { address } = server.address() as AddressInfo;
  if (secured || isLoopback(address)) return;
  throw new StartError(
    `the socket unit listens on ${address}, which is not loopback, and passwords would cross the network in clear: ` +
      "give --tls-cert and --tls-key, listen on 127.0.0.1, or give --insecure-tcp if the network is trusted",
  );
}

/** Resolves once the server listens. Throws `StartError`, naming `where`. */
export async function listening(server: Server, where: string): Promise<void> {
  try {
    await once(server, "listening");
  } catch (error) {
    throw new StartError(explain(error as NodeJS.ErrnoException, where));
  }
}

function explain({ code, message }: NodeJS.ErrnoException, where: string): string {
  switch (code) {
    case "EADDRINUSE":
      return `${where} is in use by another program: stop it, or choose another with --listen or --socket`;
    case "EADDRNOTAVAIL":
      return `${where} is not an address of this machine: choose another with --listen`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${where} cannot be resolved: give --listen an address of this machine`;
    case "EACCES":
      // libuv says so of a socket's missing directory, too.
      return `${where} is not for this user to open, or its directory does not exist: choose another with --listen or --socket`;
    case "ENOENT":
    case "ENOTDIR":
      return `${where} cannot be made because its directory does not exist: create it, or give another --socket`;
    default:
      return `${where} cannot be opened: ${message}`;
  }
}
