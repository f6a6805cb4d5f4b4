import { onTestFinished } from "vitest";
import { type Client, type Credential, createClient } from "../../protocol/index.ts";
import { connector } from "../../tui/connect.ts";
import type { Daemon } from "./daemon.ts";

/** A tool elsewhere: over TCP, closed after the test. */
export async function connectTo(daemon: Daemon, credential?: Credential): Promise<Client> {
  const url = new URL("/rpc", daemon.url).href;
  const connect = connector({ kind: "url", url });
  const client = createClient({ connect, ...(credential && { credential }) });
  onTestFinished(() => client.close());
  await client.online();
  return client;
}
