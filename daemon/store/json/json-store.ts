import type { Low } from "lowdb";
import type { Actor, Entry, EntryType } from "../../../protocol/index.ts";
import type {
  Attempt,
  Backup,
  EntryPage,
  EntryQuery,
  EntryRetention,
  Problem,
  Store,
  StoreStatus,
  Tip,
  Transaction,
} from "../store.ts";
import type { Change } from "./collections.ts";
import { anchorData, type Directory } from "./directory.ts";
import { type DirectoryLock, lockDirectory } from "./directory-lock.ts";
import { Entries } from "./entries.ts";
import { type FileSystem, fileSystem, prepareDirectory } from "./files.ts";
import { type Commit, GroupCommit } from "./group-commit.ts";
import { IdleWork } from "./idle-work.ts";
import { Inspection } from "./inspection.ts";
import type { Journal } from "./journal.ts";
import { defaultLimits, Maintenance, type MaintenanceLimits } from "./maintenance.ts";
import type { Migration } from "./migration.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { type InitialRecords, openDirectory } from "./open-directory.ts";
import { Pruning } from "./pruning.ts";
import { TableQueries } from "./queries.ts";
import type { RecentEntries } from "./recent-entries.ts";
import { Sealing } from "./sealing.ts";
import type { Position } from "./segment.ts";
import type { SnapshotFile } from "./snapshot.ts";
import { Snapshots } from "./snapshots.ts";
import { type StoreLog, silentLog } from "./store-log.ts";
import { type StoreMeter, silentMeter } from "./store-meter.ts";
import { Transactions } from "./transactions.ts";
import { UsageCounters } from "./usage.ts";

export interface JsonStoreOptions {
  /** Made, with mode 0700, when it is absent. */
  directory: string;
  /** What a brand-new directory begins with, such as the built-in roles; ignored by one that exists. */
  initial?: InitialRecords;
  log?: StoreLog;
  meter?: StoreMeter;
  now?: () => number;
  io?: FileSystem;
  limits?: Partial<MaintenanceLimits>;
}

/**
 * Opens the store over a data directory, which this process then holds until `close`. Throws `StoreError`, with one
 * line for the operator, when the directory is in use, readable by others, damaged or of a newer format.
 */
export async function openJsonStore(options: JsonStoreOptions): Promise<JsonStore> {
  const {
    directory,
    initial = {},
    log = silentLog,
    meter = silentMeter,
    now = Date.now,
    io = fileSystem,
    limits,
  } = options;
  await prepareDirectory(io, directory);
  const lock = await lockDirectory(io, directory);
  try {
    const opened = await openDirectory({ io, directory, log, initial });
    const all = { ...defaultLimits, ...limits };
    const store = new JsonStore({ ...opened, io, directory, lock, log, meter, now, limits: all });
    await store.begin(opened.migration);
    return store;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface Parts {
  io: FileSystem;
  directory: string;
  low: Low<Directory>;
  snapshot: SnapshotFile;
  snapshotAt: Position;
  journal: Journal;
  lock: DirectoryLock;
  recent: RecentEntries;
  log: StoreLog;
  meter: StoreMeter;
  now: () => number;
  limits: MaintenanceLimits;
}

/**
 * What is not sealed in this time is sealed after the next start, and a snapshot that is not written in this time is
 * done without: the journal holds everything, and a service manager does not wait for long.
 */
const SEALING_AT_STOP_MS = 1500;
const SNAPSHOT_AT_STOP_MS = 2500;

/** The store over lowdb's snapshot and the journal: all records are in memory, every change is on disk. */
export class JsonStore extends TableQueries implements Store {
  readonly #low: Low<Directory>;
  readonly #snapshotFile: SnapshotFile;
  readonly #journal: Journal;
  readonly #lock: DirectoryLock;
  readonly #idleWork: IdleWork;
  readonly #entries: Entries;
  readonly #log: StoreLog;
  readonly #now: () => number;
  readonly #usage: UsageCounters;
  readonly #commits: GroupCommit;
  readonly #transactions: Transactions;
  readonly #snapshots: Snapshots;
  readonly #sealing: Sealing;
  readonly #pruning: Pruning;
  readonly #inspection: Inspection;
  /** Whoever moves or removes files of the journal does it here, and whoever needs them to hold still. */
  readonly #files = new OneAtATime();
  readonly #maintenance: Maintenance;
  #closing: Promise<void> | null = null;

  constructor(parts: Parts) {
    const { io, directory, low, journal, log, now } = parts;
    const { tables } = low.data;
    const usage = new UsageCounters(tables);
    const idleWork = new IdleWork();
    super(tables, usage, idleWork);
    this.#idleWork = idleWork;
    this.#low = low;
    this.#snapshotFile = parts.snapshot;
    this.#journal = journal;
    this.#lock = parts.lock;
    const anchor = (): Position => low.data.anchor;
    const durable = () => ({ seq: low.data.seq, segment: journal.segment, size: journal.size });
    this.#entries = new Entries(parts.recent, { io, directory, anchor, durable }, idleWork);
    this.#log = log;
    this.#now = now;
    this.#usage = usage;
    this.#maintenance = new Maintenance(
      parts.limits,
      { snapshot: () => this.snapshot(), flushUsage: () => this.flushUsage(), heal: () => this.heal() },
      log,
    );
    this.#commits = new GroupCommit({
      directory: low.data,
      journal,
      log,
      meter: parts.meter,
      onDurable: (commits) => this.#onDurable(commits),
      onFailure: () => this.#maintenance.noteFailure(),
    });
    this.#transactions = new Transactions(this.#commits, usage, now);
    this.#sealing = new Sealing({ io, directory, anchor, now });
    this.#snapshots = new Snapshots({
      low,
      at: parts.snapshotAt,
      commits: this.#commits,
      sealing: this.#sealing,
      files: this.#files,
      log,
      meter: parts.meter,
      onBegin: () => this.#maintenance.noteSnapshot(),
    });
    const moveAnchor = (to: Position) => this.#note("audit.pruned", anchorData(to));
    this.#pruning = new Pruning({ io, directory, moveAnchor });
    const state = low.data;
    this.#inspection = new Inspection({
      io,
      directory,
      state,
      journal,
      commits: this.#commits,
      files: this.#files,
      now,
    });
  }

  /** To be called once: brings the directory's form up to date, or takes up what a crash or a stop in a hurry left. */
  async begin(migration: Migration | null): Promise<void> {
    this.prepareLists();
    if (!migration) {
      void this.#snapshots.seal();
      if (this.#snapshots.isBehind) this.#noteWrite(true);
      return;
    }
    try {
      await this.#note("store.migrated", { ...migration });
      await this.snapshot();
      this.#log.info(
        { ...migration },
        "brought the data directory's form up to date; a copy of it as it was is kept",
      );
    } catch (error) {
      this.#log.error(
        { err: error },
        "the data directory's form is still the older one; the next snapshot changes it",
      );
    }
  }

  transaction<T>(actor: Actor, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#transactions.run(actor, work);
  }

  record({ at, type, actor, subject, outcome, count, data }: Attempt): void {
    if (this.#closing || this.#commits.failure) return;
    this.#commits.commit({ entries: [{ at, type, actor, subject, outcome, count, data }], changes: [] });
  }

  countUse(id: string, at: string, address: string | null): void {
    this.noteUse(this.#usage.count(id, at, address));
  }

  entriesSince(since: number): AsyncIterable<readonly Entry[]> | null {
    return this.#entries.since(since);
  }

  queryEntries(query: EntryQuery): Promise<EntryPage> {
    return this.#entries.query(query);
  }

  async pruneEntries(keep: EntryRetention): Promise<void> {
    if (this.#closing || this.#commits.failure) return;
    try {
      await this.#files.run(() => this.#pruning.run(keep));
    } catch (error) {
      this.#log.error({ err: error }, "old audit entries could not be removed; they are kept for now");
    }
  }

  /** `path`: a file that is not there yet; absent: a new one in the directory's `backups/`. */
  backup(path?: string): Promise<Backup> {
    return this.#inspection.backup(path);
  }

  verify(): Promise<readonly Problem[]> {
    return this.#inspection.verify();
  }

  tip(): Tip {
    const { seq, hash, epoch } = this.#low.data;
    return { seq, hash: hash.toString("hex"), epoch };
  }

  onEntries(listener: (entries: readonly Entry[]) => void): void {
    this.#entries.listen(listener);
  }

  status(): StoreStatus {
    const { failure } = this.#commits;
    const { epoch, seq, tables } = this.#low.data;
    return {
      kind: "json",
      healthy: !failure && !this.#closing,
      reason: failure ? failure.message : this.#closing ? "it is closing" : null,
      users: tables.view("users").size,
      seq,
      epoch,
      journalBytes: this.#journal.size,
      snapshotBytes: this.#snapshotFile.bytes,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Writes the uses counted since the last time, as one line. */
  async flushUsage(): Promise<void> {
    const changes = this.#usage.changes(this.#commits.head);
    if (changes.length === 0 || this.#commits.failure) return;
    await this.#note("usage.recorded", { records: changes.length }, changes);
    this.#usage.written(changes);
  }

  /** Writes the snapshot of this moment, begins a new segment with it and seals the older ones; nothing waits for it. */
  snapshot(): Promise<void> {
    return this.#snapshots.take();
  }

  /** Tries to get from read-only back to writing; throws while the storage still fails. */
  async heal(): Promise<void> {
    if (!this.#commits.failure) return;
    await this.#commits.whenAtRest(() => this.#commits.repair());
    this.#log.info({ seq: this.#low.data.seq }, "writing works again");
  }

  /** Enters what the store did by itself; resolves when it is on disk. */
  #note(type: EntryType, data: Record<string, unknown>, changes: readonly Change[] = []): Promise<void> {
    const actor: Actor = { kind: "system", id: null, name: null, address: null };
    const at = new Date(this.#now()).toISOString();
    const entry = { at, type, actor, subject: null, outcome: "ok", count: 1, data } as const;
    return this.#commits.commit({ entries: [entry], changes });
  }

  #onDurable(commits: readonly Commit[]): void {
    for (const { changes } of commits) for (const change of changes) this.keepLists(change);
    const changed = commits.some(({ changes }) => changes.some(([, collection]) => collection !== "usage"));
    this.#noteWrite(changed);
    this.#entries.tell(commits);
  }

  #noteWrite(changed: boolean): void {
    this.#maintenance.noteWrite(this.#journal.size, this.#snapshotFile.bytes, changed);
  }

  async #close(): Promise<void> {
    this.#idleWork.stop();
    this.#maintenance.stop();
    this.#inspection.stop();
    const ends = [
      setTimeout(() => this.#sealing.stop(), SEALING_AT_STOP_MS),
      setTimeout(() => this.#snapshotFile.stop(), SNAPSHOT_AT_STOP_MS),
    ];
    await this.#transactions.end();
    try {
      await this.heal();
      await this.flushUsage();
      await this.#commits.settled();
      await this.snapshot();
    } catch (error) {
      this.#log.warn({ err: error }, "closed without a snapshot; the journal holds everything");
    }
    await this.#files.idle();
    for (const timer of ends) clearTimeout(timer);
    await this.#commits.whenAtRest(() => this.#journal.close());
    await this.#lock.release();
  }
}
