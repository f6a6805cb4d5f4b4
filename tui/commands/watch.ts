import {
  type Client,
  type ClientEvent,
  type ConnectionState,
  nearest,
  type Topic,
  topicNames,
} from "../../protocol/index.ts";
import { type Failure, misuse } from "../failure.ts";
import { describe } from "../target.ts";
import { type Destination, keyRefused, open } from "./connection.ts";
import { escapeUnseen, say } from "./output.ts";

/**
 * Prints each change as one JSON line until SIGINT or SIGTERM (status 0), through lost connections. A line
 * `{"type":"gap"}` says that changes were missed for good.
 */
export async function watch(names: readonly string[], destination: Destination): Promise<number> {
  const topics = names.map(checkTopic);
  const client = await open(destination, "afterFirst");
  try {
    const ended = untilEnded(client);
    await Promise.race([ended, client.subscribe(topics.length > 0 ? { topics } : {}, print)]);
    say(`watching ${describe(destination.target)}`);
    const failure = await ended;
    if (failure) throw failure;
    return 0;
  } finally {
    client.close();
  }
}

function checkTopic(name: string): Topic {
  const topic = topicNames.find((known) => known === name);
  if (topic) return topic;
  const meant = nearest(name, topicNames);
  throw misuse(
    `no topic "${name}"${meant ? `, did you mean "${meant}"?` : ""} (topics: ${topicNames.join(", ")})`,
  );
}

/** Resolves when a signal or a refused key ends the watch; with null when all is well. */
function untilEnded(client: Client): Promise<Failure | null> {
  return new Promise((resolve) => {
    client.onState((state) => {
      report(state);
      if (keyRefused(state) || state.phase === "closed") resolve(keyRefused(state));
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => client.close());
  });
}

function report(state: ConnectionState): void {
  if (state.phase === "waiting") say(`${state.error.message}: trying again`);
  if (state.phase === "online") say("connected again");
}

function print(event: ClientEvent): void {
  const line = event.kind === "entry" ? event.entry : { type: "gap" };
  process.stdout.write(`${escapeUnseen(JSON.stringify(line))}\n`);
}
