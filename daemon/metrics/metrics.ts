import type { Registry } from "prom-client";
import type { Connections } from "../connections.ts";
import type { HashingLoad } from "../directory/password-hashing.ts";
import type { Store } from "../store/store.ts";
import type { Histogram } from "./histogram.ts";
import type { Counts, Meters } from "./meters.ts";

export interface MetricsParts {
  meters: Meters;
  store: Store;
  connections: Connections;
  subscriptions: { readonly size: number };
  hashing: () => HashingLoad;
  version: string;
  /** When the certificate that is served ends, in milliseconds since the epoch; null without TLS. */
  certificateEnd: () => number | null;
}

/** The metrics as Prometheus reads them. */
export type Metrics = () => Promise<{ contentType: string; text: string }>;

/**
 * Nothing is watched before somebody asks for the first time: the event loop's lag and the garbage collector's pauses
 * are those since then, and prom-client is loaded only then.
 */
export function createMetrics(parts: MetricsParts): Metrics {
  let registry: Promise<Registry> | undefined;
  return async () => {
    registry ??= createRegistry(parts);
    const { contentType } = await registry;
    const text = await (await registry).metrics();
    return { contentType, text: [text, ...histograms(parts.meters)].join("\n") };
  };
}

async function createRegistry(parts: MetricsParts): Promise<Registry> {
  const { Counter, collectDefaultMetrics, Gauge, Registry } = await import("prom-client");
  const { meters, store, connections, subscriptions, hashing, version, certificateEnd } = parts;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }

  function counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  function counterBy<const Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: () => Iterable<readonly [labels: readonly string[], count: number]>,
  ): void {
    new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const [labels, count] of read()) this.labels(...labels).inc(count);
      },
    });
  }

  gauge("roster_store_healthy", "1 while changes are accepted, 0 while they are refused", () =>
    store.status().healthy ? 1 : 0,
  );
  gauge("roster_store_users", "Users, deleted ones included", () => store.status().users);
  gauge("roster_store_seq", "The newest entry's position", () => store.status().seq);
  gauge("roster_journal_bytes", "Size of the journal's newest segment", () => store.status().journalBytes);
  gauge("roster_snapshot_bytes", "Size of the snapshot", () => store.status().snapshotBytes);
  gauge("roster_subscriptions", "Event subscriptions", () => subscriptions.size);
  gauge("roster_hashing_running", "Passwords being hashed", () => hashing().running);
  gauge("roster_hashing_waiting", "Passwords that wait to be hashed", () => hashing().waiting);
  if (certificateEnd() !== null) {
    gauge(
      "roster_certificate_end_timestamp_seconds",
      "When the certificate that is served ends, in seconds since the epoch",
      () => (certificateEnd() ?? 0) / 1000,
    );
  }
  new Gauge({
    name: "roster_info",
    help: "Always 1; which version runs",
    labelNames: ["version"],
    registers,
  }).set({ version }, 1);
  new Gauge({
    name: "roster_connections",
    help: "Open connections, by the kind of their principal",
    labelNames: ["kind"],
    registers,
    collect() {
      this.reset();
      for (const kind of ["anonymous", "session", "key", "local"]) this.set({ kind }, 0);
      for (const { caller } of connections) this.inc({ kind: caller.kind });
    },
  });

  counter("roster_connections_opened_total", "Connections opened", () => meters.connectionsOpened);
  counter("roster_events_sent_total", "Events handed to connections", () => meters.eventsSent);
  counter(
    "roster_events_dropped_total",
    "Events that a closed connection had not taken",
    () => meters.eventsDropped,
  );
  counter(
    "roster_journal_written_bytes_total",
    "Bytes written to the journal",
    () => meters.journalBytesWritten,
  );
  counterBy("roster_connections_refused_total", "Connections refused, by HTTP status", ["status"], () =>
    byName(meters.connectionsRefused),
  );
  counterBy("roster_connections_closed_total", "Connections closed, by WebSocket close code", ["code"], () =>
    byName(meters.connectionsClosed),
  );
  counterBy("roster_entries_total", "Audit entries, by type and outcome", ["type", "outcome"], () =>
    [...meters.entries].map(([name, count]) => [name.split(" "), count] as const),
  );
  counterBy("roster_calls_total", "Calls answered, by method and outcome", ["method", "outcome"], () =>
    [...meters.calls].flatMap(([method, { outcomes }]) =>
      [...outcomes].map(([outcome, count]) => [[method, outcome], count] as const),
    ),
  );
  return registry;
}

function byName(counts: Counts): (readonly [string[], number])[] {
  return [...counts].map(([name, count]) => [[name], count] as const);
}

function histograms({ calls, journalWrites, snapshots }: Meters): string[] {
  const byMethod = [...calls].map(([method, { durations }]) => [`method="${method}"`, durations] as const);
  const called = byMethod.filter(([, { count }]) => count > 0);
  return [
    histogram("roster_call_duration_seconds", "From a call's turn to its answer", called),
    histogram("roster_journal_write_duration_seconds", "Writing and syncing one group of changes", [
      ["", journalWrites],
    ]),
    histogram("roster_snapshot_duration_seconds", "Writing a snapshot", [["", snapshots]]),
  ];
}

/** Text of one histogram, for prom-client takes no counts from elsewhere. */
function histogram(name: string, help: string, series: readonly (readonly [string, Histogram])[]): string {
  const lines = series.flatMap(([label, observed]) => {
    const { bounds, sum, count } = observed;
    const bucket = (le: string, below: number) =>
      `${name}_bucket{${[label, `le="${le}"`].filter(Boolean).join(",")}} ${below}`;
    const labels = label && `{${label}}`;
    return [
      ...observed.cumulative().map((below, index) => bucket(String(bounds[index]), below)),
      bucket("+Inf", count),
      `${name}_sum${labels} ${sum}`,
      `${name}_count${labels} ${count}`,
    ];
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...lines, ""].join("\n");
}
