import { type Client, type ClientOptions, createClient } from "../../protocol/index.ts";
import { type FakeConnection, FakeDaemon, FakeTimers, principal } from "./fake-daemon.ts";

export interface Connected {
  client: Client;
  daemon: FakeDaemon;
  timers: FakeTimers;
  connection: FakeConnection;
}

/** A client that is online over a connection which needs no login. */
export async function connected(options: Partial<ClientOptions> = {}): Promise<Connected> {
  const daemon = new FakeDaemon();
  const timers = new FakeTimers();
  const client = createClient({ connect: daemon.connect, timers, ...options });
  const connection = await daemon.accept();
  await connection.answerNext("auth.whoami", principal("local"));
  await client.online();
  return { client, daemon, timers, connection };
}

/** Resolves once the client is in that phase. */
export function inPhase<P extends Client["state"]["phase"]>(
  client: Client,
  phase: P,
): Promise<Extract<Client["state"], { phase: P }>> {
  return new Promise((resolve) => {
    const look = (state: Client["state"]) => {
      if (state.phase !== phase) return;
      stop();
      resolve(state as Extract<Client["state"], { phase: P }>);
    };
    const stop = client.onState(look);
    look(client.state);
  });
}
