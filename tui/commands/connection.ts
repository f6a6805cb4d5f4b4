import { type Client, type ClientOptions, type ConnectionState, createClient } from "../../protocol/index.ts";
import { connector } from "../connect.ts";
import { Failure, misuse } from "../failure.ts";
import { describe, type Target } from "../target.ts";

/** Which daemon, and with which key. */
export interface Destination {
  target: Target;
  key: string | undefined;
  /** The key was named for this call, and not found in the environment, which may be meant for another daemon. */
  keyNamed?: boolean;
}

/** How the typed client reaches the destination. */
export function clientOptions({ target, key }: Destination): Pick<ClientOptions, "connect" | "credential"> {
  return { connect: connector(target), ...(key !== undefined && { credential: { key } }) };
}

/** Connects, or ends the command with one line. */
export async function open(destination: Destination, reconnect: ClientOptions["reconnect"]): Promise<Client> {
  const client = createClient({ ...clientOptions(destination), reconnect });
  await client.online();
  const refused = keyRefused(client.state) ?? keyUnused(destination, client.state);
  if (!refused) return client;
  client.close();
  throw refused;
}

/** What ends a command that would speak for the machine's operator though a key was named for it. */
function keyUnused({ target, keyNamed }: Destination, state: ConnectionState): Failure | null {
  if (!keyNamed || state.phase !== "online" || state.principal.kind !== "local") return null;
  return misuse(
    `${describe(target)} takes you for its operator whatever key you have: leave --key-file out, or speak for the key by --url`,
  );
}

/** What ends a command when the daemon does not accept its key; null while it does. */
export function keyRefused(state: ConnectionState): Failure | null {
  if (state.phase !== "online" || !state.refused) return null;
  return new Failure("the daemon does not accept the key: it is wrong, expired or revoked");
}
