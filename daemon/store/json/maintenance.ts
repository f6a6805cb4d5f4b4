import type { StoreLog } from "./store-log.ts";

/** How often and at which size the store looks after itself; milliseconds and bytes. */
export interface MaintenanceLimits {
  /** A snapshot is due when the journal since the last one is larger than this and than twice that snapshot. */
  journalBytes: number;
  /** A snapshot is due when nothing changed for so long, and something did before. */
  idleMs: number;
  usageFlushMs: number;
  /** How often to try whether writing works again after a failure. */
  probeMs: number;
}

export const defaultLimits: MaintenanceLimits = {
  journalBytes: 16 * 1024 * 1024,
  idleMs: 5 * 60_000,
  usageFlushMs: 60_000,
  probeMs: 1000,
};

export interface Tasks {
  snapshot(): Promise<void>;
  flushUsage(): Promise<void>;
  heal(): Promise<void>;
}

/** Does the store's own work at its times; no timer of it keeps the process alive. */
export class Maintenance {
  readonly #limits: MaintenanceLimits;
  readonly #tasks: Tasks;
  readonly #log: StoreLog;
  readonly #usageTimer: NodeJS.Timeout;
  #idleTimer: NodeJS.Timeout | null = null;
  #probeTimer: NodeJS.Timeout | null = null;
  /** After a snapshot was asked for, the journal's size at which to ask again, in case it failed. */
  #askAgainAt = 0;
  #stopped = false;

  constructor(limits: MaintenanceLimits, tasks: Tasks, log: StoreLog) {
    this.#limits = limits;
    this.#tasks = tasks;
    this.#log = log;
    const flush = (): void => this.#run(() => tasks.flushUsage(), "usage could not be written");
    this.#usageTimer = setInterval(flush, limits.usageFlushMs).unref();
  }

  /**
   * The journal has grown to `journalBytes` since a snapshot of `snapshotBytes`; `changed` tells whether by more than
   * usage and attempts. Waiting for twice as many bytes as the snapshot has keeps its cost in proportion to the changes,
   * and a start after a kill within some three times that of one after a clean stop.
   */
  noteWrite(journalBytes: number, snapshotBytes: number, changed: boolean): void {
    if (this.#stopped) return;
    if (changed) this.#restartIdleTimer();
    if (journalBytes < Math.max(this.#limits.journalBytes, 2 * snapshotBytes, this.#askAgainAt)) return;
    this.#askAgainAt = journalBytes + this.#limits.journalBytes;
    this.#snapshot();
  }

  /** A snapshot began, and with it a new segment. */
  noteSnapshot(): void {
    this.#askAgainAt = 0;
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
  }

  noteFailure(): void {
    if (this.#stopped || this.#probeTimer) return;
    const probe = (): void => {
      this.#probeTimer = null;
      this.#tasks.heal().catch(() => this.noteFailure());
    };
    this.#probeTimer = setTimeout(probe, this.#limits.probeMs).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#usageTimer);
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    if (this.#probeTimer) clearTimeout(this.#probeTimer);
  }

  #restartIdleTimer(): void {
    if (this.#idleTimer) this.#idleTimer.refresh();
    else this.#idleTimer = setTimeout(() => this.#snapshot(), this.#limits.idleMs).unref();
  }

  #snapshot(): void {
    this.#run(
      () => this.#tasks.snapshot(),
      "the snapshot could not be written; the journal holds everything",
    );
  }

  #run(task: () => Promise<void>, failed: string): void {
    task().catch((error: unknown) => this.#log.error({ err: error }, failed));
  }
}
