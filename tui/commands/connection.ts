import { type Client, type ClientOptions, type ConnectionState, createClient } from "../../protocol/index.ts";
import { connector } from "../connect.ts";
import { Failure } from "../failure.ts";
import type { Target } from "../target.ts";

/** Which daemon, and with which key. */
export interface Destination {
  target: Target;
  key: string | undefined;
}

/** How the typed client reaches the destination. */
export function clientOptions({ target, key }: Destination): Pick<ClientOptions, "connect" | "credential"> {
  return { connect: connector(target), ...(key !== undefined && { credential: { key } }) };
}

/** Connects, or ends the command with one line. */
export async function open(destination: Destination, reconnect: ClientOptions["reconnect"]): Promise<Client> {
  const client = createClient({ ...clientOptions(destination), reconnect });
  await client.online();
  const refused = keyRefused(client.state);
  if (!refused) return client;
  client.close();
  throw refused;
}

/** What ends a command when the daemon does not accept its key; null while it does. */
export function keyRefused(state: ConnectionState): Failure | null {
  if (state.phase !== "online" || !state.refused) return null;
  return new Failure("the daemon does not accept the key: it is wrong, expired or revoked");
}
