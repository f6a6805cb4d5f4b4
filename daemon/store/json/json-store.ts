import type { Low } from "lowdb";
import { type Actor, type Entry, refusal } from "../../../protocol/index.ts";
import type { KeyRecord, SessionRecord, UsageRecord, UserRecord } from "../records.ts";
import type {
  Attempt,
  EntryPage,
  EntryQuery,
  KeyQuery,
  SessionQuery,
  Store,
  StoreStatus,
  Tip,
  Transaction,
  UserQuery,
  UserScan,
  Window,
} from "../store.ts";
import type { Change, View } from "./collections.ts";
import type { Directory } from "./directory.ts";
import { type DirectoryLock, lockDirectory } from "./directory-lock.ts";
import { type FileSystem, fileSystem, prepareDirectory } from "./files.ts";
import { type Commit, GroupCommit, unavailable } from "./group-commit.ts";
import type { Journal } from "./journal.ts";
import { JournalHistory } from "./journal-history.ts";
import { defaultLimits, Maintenance, type MaintenanceLimits } from "./maintenance.ts";
import { type InitialRecords, openDirectory } from "./open-directory.ts";
import { ViewReader } from "./reader.ts";
import type { RecentEntries } from "./recent-entries.ts";
import type { SnapshotFile } from "./snapshot.ts";
import { type StoreLog, silentLog } from "./store-log.ts";
import { JsonTransaction } from "./transaction.ts";
import { UsageCounters } from "./usage.ts";
import { UserLists } from "./user-lists.ts";

export interface JsonStoreOptions {
  /** Made, with mode 0700, when it is absent. */
  directory: string;
  /** What a brand-new directory begins with, such as the built-in roles; ignored by one that exists. */
  initial?: InitialRecords;
  log?: StoreLog;
  now?: () => number;
  io?: FileSystem;
  limits?: Partial<MaintenanceLimits>;
}

/**
 * Opens the store over a data directory, which this process then holds until `close`. Throws `StoreError`, with one
 * line for the operator, when the directory is in use, readable by others, damaged or of a newer format.
 */
export async function openJsonStore(options: JsonStoreOptions): Promise<JsonStore> {
  const { directory, initial = {}, log = silentLog, now = Date.now, io = fileSystem, limits } = options;
  await prepareDirectory(io, directory);
  const lock = await lockDirectory(io, directory);
  try {
    const opened = await openDirectory({ io, directory, log, initial });
    return new JsonStore({
      ...opened,
      io,
      directory,
      lock,
      log,
      now,
      limits: { ...defaultLimits, ...limits },
    });
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
  snapshotSeq: number;
  journal: Journal;
  oldestKept: number;
  lock: DirectoryLock;
  recent: RecentEntries;
  log: StoreLog;
  now: () => number;
  limits: MaintenanceLimits;
}

/** How a transaction ended, and what must be on disk before anybody hears of it. */
interface Ending<T> {
  settled: Promise<void> | undefined;
  outcome: { value: T } | { error: unknown };
}

/** What key and session queries have in common. */
interface MatchQuery<R> {
  userId?: string;
  matches: (record: R, usage: UsageRecord | undefined) => boolean;
  offset: number;
  limit: number;
}

/** The store over lowdb's snapshot and the journal: all records are in memory, every change is on disk. */
export class JsonStore extends ViewReader implements Store {
  readonly #low: Low<Directory>;
  readonly #snapshotFile: SnapshotFile;
  readonly #journal: Journal;
  readonly #lock: DirectoryLock;
  readonly #recent: RecentEntries;
  readonly #history: JournalHistory;
  readonly #log: StoreLog;
  readonly #now: () => number;
  readonly #usage: UsageCounters;
  readonly #commits: GroupCommit;
  readonly #maintenance: Maintenance;
  readonly #listeners: ((entries: readonly Entry[]) => void)[] = [];
  /** Resolves when the transaction before has run. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Made when a list is first asked for, and kept from then on. */
  #lists: UserLists | null = null;
  #snapshot: Promise<void> | null = null;
  #snapshotSeq: number;
  #closing: Promise<void> | null = null;

  constructor(parts: Parts) {
    const { low, snapshot, snapshotSeq, journal, lock, recent, log, now, limits } = parts;
    const { tables } = low.data;
    const usage = new UsageCounters(tables);
    super(tables, usage);
    this.#low = low;
    this.#snapshotFile = snapshot;
    this.#journal = journal;
    this.#snapshotSeq = snapshotSeq;
    this.#lock = lock;
    this.#recent = recent;
    this.#history = new JournalHistory({
      io: parts.io,
      directory: parts.directory,
      oldest: parts.oldestKept,
      durable: () => ({ seq: low.data.seq, segment: journal.segment, size: journal.size }),
    });
    this.#log = log;
    this.#now = now;
    this.#usage = usage;
    this.#maintenance = new Maintenance(
      limits,
      { snapshot: () => this.snapshot(), flushUsage: () => this.flushUsage(), heal: () => this.heal() },
      log,
    );
    this.#commits = new GroupCommit({
      directory: low.data,
      journal,
      log,
      onDurable: (drafts) => this.#onDurable(drafts),
      onFailure: () => this.#maintenance.noteFailure(),
    });
  }

  async transaction<T>(actor: Actor, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const run = this.#turn.then(() => this.#run(actor, work));
    this.#turn = run.catch(() => {});
    const { settled, outcome } = await run;
    if (settled) await settled;
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  record({ at, type, actor, subject, outcome, count, data }: Attempt): void {
    if (this.#closing || this.#commits.failure) return;
    this.#commits.commit({ entries: [{ at, type, actor, subject, outcome, count, data }], changes: [] });
  }

  countUse(id: string, at: string, address: string | null): void {
    this.#usage.count(id, at, address);
  }

  async queryUsers(query: UserQuery): Promise<Window<UserRecord>> {
    return this.#userLists().query(query);
  }

  async usersAfter(id: string, limit: number): Promise<UserRecord[]> {
    return this.#userLists().after(id, limit);
  }

  async scanUsers({ matches, limit }: UserScan): Promise<UserRecord[]> {
    const found: UserRecord[] = [];
    for (const user of this.#low.data.tables.view("users").values()) {
      if (!matches(user)) continue;
      found.push(user);
      if (found.length === limit) break;
    }
    return found;
  }

  /** Oldest first. */
  async queryKeys(query: KeyQuery): Promise<Window<KeyRecord>> {
    return this.#matching(this.views.view("keys"), query);
  }

  /** Oldest first. */
  async querySessions(query: SessionQuery): Promise<Window<SessionRecord>> {
    return this.#matching(this.views.view("sessions"), query);
  }

  entriesSince(since: number): AsyncIterable<readonly Entry[]> | null {
    return this.#recent.since(since) ?? this.#history.since(since);
  }

  queryEntries(query: EntryQuery): Promise<EntryPage> {
    return this.#history.query(query);
  }

  tip(): Tip {
    const { seq, hash, epoch } = this.#low.data;
    return { seq, hash: hash.toString("hex"), epoch };
  }

  onEntries(listener: (entries: readonly Entry[]) => void): void {
    this.#listeners.push(listener);
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
    const actor: Actor = { kind: "system", id: null, name: null, address: null };
    const at = new Date(this.#now()).toISOString();
    const data = { records: changes.length };
    await this.#commits.commit({
      entries: [{ at, type: "usage.recorded", actor, subject: null, outcome: "ok", count: 1, data }],
      changes,
    });
    this.#usage.written(changes);
  }

  /** Writes the snapshot of this moment and begins a new segment with it; nothing waits for it. */
  snapshot(): Promise<void> {
    this.#snapshot ??= this.#takeSnapshot().finally(() => {
      this.#snapshot = null;
    });
    return this.#snapshot;
  }

  /** Tries to get from read-only back to writing; throws while the storage still fails. */
  async heal(): Promise<void> {
    if (!this.#commits.failure) return;
    await this.#commits.whenAtRest(() => this.#commits.repair());
    this.#log.info({ seq: this.#low.data.seq }, "writing works again");
  }

  #userLists(): UserLists {
    const { tables } = this.#low.data;
    this.#lists ??= new UserLists(tables.view("users").values(), tables.view("lockouts"));
    return this.#lists;
  }

  #matching<R extends { id: string }>(view: View<R>, query: MatchQuery<R>): Window<R> {
    const { userId, matches, offset, limit } = query;
    const written = this.views.view("usage");
    const found = (userId === undefined ? view.all() : view.group(userId)).filter((record) =>
      matches(record, this.#usage.get(record.id) ?? written.get(record.id)),
    );
    return { items: found.slice(offset, offset + limit), total: found.length, offset };
  }

  async #run<T>(actor: Actor, work: (tx: Transaction) => Promise<T>): Promise<Ending<T>> {
    this.#checkWritable();
    const { generation } = this.#commits;
    const tx = new JsonTransaction(
      this.#commits.head,
      this.#usage,
      actor,
      new Date(this.#now()).toISOString(),
    );
    try {
      const value = await work(tx);
      tx.end();
      this.#checkStillTrue(generation);
      const draft = tx.draft();
      const settled = draft ? this.#commits.commit(draft) : this.#commits.settled();
      return { settled, outcome: { value } };
    } catch (error) {
      tx.end();
      this.#checkStillTrue(generation);
      return { settled: this.#commits.settled(), outcome: { error } };
    }
  }

  #checkWritable(): void {
    if (this.#closing) throw refusal("storeUnavailable", "Changes are not accepted: the daemon is stopping");
    const { failure } = this.#commits;
    if (failure) throw unavailable(failure);
  }

  /** What a transaction read while writing failed has been dropped since. */
  #checkStillTrue(generation: number): void {
    if (this.#commits.generation === generation) return;
    throw unavailable(this.#commits.failure ?? new Error("a write failed meanwhile"));
  }

  #onDurable(commits: readonly Commit[]): void {
    for (const { changes } of commits) for (const change of changes) this.#keepLists(change);
    const changed = commits.some(({ changes }) => changes.some(([, collection]) => collection !== "usage"));
    this.#maintenance.noteWrite(this.#journal.size, this.#snapshotFile.bytes, changed);
    const entries = commits.flatMap((commit) => commit.entries);
    setImmediate(() => this.#emit(entries));
  }

  #keepLists([verb, collection, what]: Change): void {
    if (collection !== "users") return;
    if (verb === "put") this.#lists?.put(what as UserRecord);
    else this.#lists?.delete(what);
  }

  #emit(entries: readonly Entry[]): void {
    this.#recent.add(entries);
    for (const listener of this.#listeners) listener(entries);
  }

  async #takeSnapshot(): Promise<void> {
    if (this.#low.data.seq === this.#snapshotSeq) return;
    const { seq, written } = await this.#commits.whenAtRest(async () => {
      if (this.#commits.failure) throw unavailable(this.#commits.failure);
      await this.#commits.beginSegment();
      this.#maintenance.noteSnapshot();
      const written = this.#low.write();
      written.catch(() => {});
      // Not awaited here: the next group waits only until the snapshot has begun.
      return { seq: this.#low.data.seq, written };
    });
    await written;
    this.#snapshotSeq = seq;
  }

  async #close(): Promise<void> {
    this.#maintenance.stop();
    await this.#turn;
    try {
      await this.heal();
      await this.flushUsage();
      await this.#commits.settled();
      await this.snapshot();
    } catch (error) {
      this.#log.error({ err: error }, "closed without a snapshot; the journal holds everything");
    }
    await this.#commits.whenAtRest(() => this.#journal.close());
    await this.#lock.release();
  }
}
