import { type MethodName, methodNames, type Reason } from "../../protocol/index.ts";
import type { StoreMeter } from "../store/json/store-meter.ts";
import { Histogram } from "./histogram.ts";

/** How a call ended: well, or what it was refused with. */
export type Outcome = "ok" | "invalidParams" | "methodNotFound" | "internalError" | Reason;

/** 0.25 ms to 5 s: a read takes less than the first, a login under load the last. */
const CALL_BOUNDS = [0.000_25, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
/** A sync on a fast disk, and on one that is about to fail. */
const JOURNAL_BOUNDS = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const SNAPSHOT_BOUNDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60];

/** A method that is not in the contract; its name came from outside and is no label. */
export const UNKNOWN_METHOD = "unknown";

/**
 * Numbers by name. Those that an alert waits for are there at 0 from the start: where a series appears with its first
 * count, Prometheus sees no increase.
 */
export class Counts extends Map<string, number> {
  constructor(awaited: readonly string[] = []) {
    super(awaited.map((name) => [name, 0]));
  }

  add(name: string, count = 1): void {
    this.set(name, (this.get(name) ?? 0) + count);
  }
}

/** The calls of one method. */
export class MethodMeter {
  readonly outcomes = new Counts(["internalError" satisfies Outcome]);
  readonly durations = new Histogram(CALL_BOUNDS);

  note(outcome: Outcome, ms: number): void {
    this.outcomes.add(outcome);
    this.durations.observe(ms);
  }
}

/** What the daemon counts while it works: plain numbers, which are looked at when somebody asks for the metrics. */
export class Meters implements StoreMeter {
  readonly calls = new Map<MethodName | typeof UNKNOWN_METHOD, MethodMeter>(
    [...methodNames, UNKNOWN_METHOD as typeof UNKNOWN_METHOD].map((method) => [method, new MethodMeter()]),
  );
  connectionsOpened = 0;
  /** By HTTP status. */
  readonly connectionsRefused = new Counts(["429", "503"]);
  /** By WebSocket close code. */
  readonly connectionsClosed = new Counts(["1013"]);
  eventsSent = 0;
  /** Thrown away with the connection of a client that did not read them. */
  eventsDropped = 0;
  /** By type and outcome, `user.locked ok`. */
  readonly entries = new Counts(["login.failed failed", "user.locked ok", "key.reused denied"]);
  readonly journalWrites = new Histogram(JOURNAL_BOUNDS);
  journalBytesWritten = 0;
  readonly snapshots = new Histogram(SNAPSHOT_BOUNDS);

  /** The meter of a method of the contract, to be looked up once. */
  of(method: MethodName | typeof UNKNOWN_METHOD): MethodMeter {
    const meter = this.calls.get(method);
    if (!meter) throw new TypeError(`No meter for ${method}`);
    return meter;
  }

  journalWritten(ms: number, bytes: number): void {
    this.journalWrites.observe(ms);
    this.journalBytesWritten += bytes;
  }

  snapshotWritten(ms: number): void {
    this.snapshots.observe(ms);
  }
}
