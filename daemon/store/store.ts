import type { Actor, Entry, EntryType, Subject, UserFilter, UserSort } from "../../protocol/index.ts";
import type {
  Collection,
  KeyRecord,
  LockoutRecord,
  PresenceRecord,
  Records,
  RoleRecord,
  SessionRecord,
  SettingsRecord,
  UsageRecord,
  UserRecord,
} from "./records.ts";

/** A key with whom it speaks for. */
export interface KeyBearer {
  key: KeyRecord;
  user: UserRecord;
  roles: readonly RoleRecord[];
}

/** A session with whom it speaks for, and its last use. */
export interface SessionBearer {
  session: SessionRecord;
  user: UserRecord;
  roles: readonly RoleRecord[];
  usage: UsageRecord | undefined;
}

/** A user with what else is kept of it, as far as everybody who sees the user sees it. */
export interface Standing {
  user: UserRecord;
  roles: readonly RoleRecord[];
  /** Ended ones included. */
  keys: readonly KeyRecord[];
  lockout: LockoutRecord | undefined;
}

/** The same with what only some see. */
export interface Profile extends Standing {
  settings: SettingsRecord | undefined;
  presence: PresenceRecord | undefined;
}

/**
 * Look-ups. On a `Store` they read what is durable; on a `Transaction` they read head (durable plus pending
 * plus the transaction's own changes). All are O(1) or proportional to their answer.
 */
export interface Reader {
  user(id: string): Promise<UserRecord | undefined>;
  userByName(username: string): Promise<UserRecord | undefined>;
  /** In the user's order. */
  rolesOf(user: UserRecord): Promise<readonly RoleRecord[]>;
  standing(user: UserRecord): Promise<Standing>;
  /** Of each of them, in their order. */
  standings(users: readonly UserRecord[]): Promise<Standing[]>;
  profile(user: UserRecord): Promise<Profile>;
  profiles(users: readonly UserRecord[]): Promise<Profile[]>;
  /** Deleted users included. */
  usersWithRole(roleId: string): Promise<UserRecord[]>;
  countUsersWithRole(roleId: string): Promise<number>;
  /** Deleted users included. */
  countUsers(): Promise<number>;
  role(id: string): Promise<RoleRecord | undefined>;
  roleByName(name: string): Promise<RoleRecord | undefined>;
  /** All of them, by name. */
  roles(): Promise<RoleRecord[]>;
  key(id: string): Promise<KeyRecord | undefined>;
  /** Undefined also when its owner is gone. */
  keyBearer(id: string): Promise<KeyBearer | undefined>;
  keyBearerByLookup(lookup: string): Promise<KeyBearer | undefined>;
  /** Ended ones included, in no particular order. */
  keysOf(userId: string): Promise<KeyRecord[]>;
  session(id: string): Promise<SessionRecord | undefined>;
  /** Undefined also when its user is gone. */
  sessionBearer(id: string): Promise<SessionBearer | undefined>;
  sessionBearerByLookup(lookup: string): Promise<SessionBearer | undefined>;
  sessionsOf(userId: string): Promise<SessionRecord[]>;
  settings(userId: string): Promise<SettingsRecord | undefined>;
  presence(userId: string): Promise<PresenceRecord | undefined>;
  lockout(userId: string): Promise<LockoutRecord | undefined>;
  /** Of a key or session; memory's newest on a `Store` and in a transaction alike. */
  usage(id: string): Promise<UsageRecord | undefined>;
}

export interface Transaction extends Reader {
  /** The transaction's one instant. */
  readonly at: string;
  put<C extends Collection>(collection: C, record: Records[C]): void;
  delete(collection: Collection, id: string): void;
  /**
   * Says what happened: the audit entry, and the event. A transaction with changes and without an entry is
   * a programming error and is refused.
   */
  entry(type: EntryType, subject: Subject | null, data?: Record<string, unknown>): void;
}

/** A window of a list: `items` are at `offset`, `total` counts all that match. */
export interface Window<T> {
  items: T[];
  total: number;
  offset: number;
}

export interface UserQuery {
  /** `roles` and `username` are already ids and normalised here; `text` is as typed. */
  filter: Omit<UserFilter, "roles"> & {
    roles?: readonly string[];
    /** Only those who want to be on the presence board, are active, not deleted, and have not ended by `now`. */
    listed?: true;
    /** Judged by the caller, since it knows what null, of who has said nothing yet, stands for. */
    says?: (status: string | null) => boolean;
  };
  sort: UserSort;
  offset: number;
  limit: number;
  /** Overrides `offset` by the start of the page (a multiple of `limit`) that holds this id, if it matches. */
  around?: string;
  /** The instant by which `locked` and `listed` are judged. */
  now: string;
}

/** Looks through all records of a kind, in no particular order. */
export interface Scan<R> {
  matches: (record: R) => boolean;
  /** The scan ends when so many have been found. */
  limit: number;
}

export interface SessionScan {
  matches: (session: SessionRecord, usage: UsageRecord | undefined) => boolean;
  limit: number;
}

/** Keys or sessions. */
export interface OwnedQuery<R> {
  /** As typed; only those with this in what people see of them, or in the owner's username. */
  text?: string;
  /** Judged by the caller, since it knows what time, owner and use make of a record; absent: all. */
  matches?: (record: R, usage: UsageRecord | undefined) => boolean;
  offset: number;
  limit: number;
}

export interface KeyQuery extends OwnedQuery<KeyRecord> {
  /** Absent: everybody's. */
  userId?: string;
}

export interface SessionQuery extends OwnedQuery<SessionRecord> {
  /** Absent: everybody's. */
  userId?: string;
}

/** All that is given must hold. Ids and names are normalised, as `normaliseUsername` does it. */
export interface EntryQuery {
  /** Only entries before this position. */
  before?: number;
  /** Only entries after this position; older ones are not looked through. */
  after?: number;
  /** Only entries of this instant or later. */
  from?: string;
  /** Only entries of an earlier instant. */
  to?: string;
  /** The actor's id or name is one of these. A key acts under its owner's name and its own, `mia/backup`, and counts as both. */
  actor?: ReadonlySet<string>;
  /** The subject's id or name is one of these. */
  subject?: ReadonlySet<string>;
  /** As typed; in the actor's or the subject's name, a key's with its owner, `mia/backup`, where the entry says whose it is. */
  text?: string;
  /** A type, or a noun for all of its types, such as `key.*`. */
  type?: string;
  outcome?: Entry["outcome"];
  limit: number;
}

/** Newest first. `next` is the `before` to go on with, also when few or none were found; null: nothing older is kept. */
export interface EntryPage {
  items: Entry[];
  next: number | null;
}

/** Which entries are kept, at least. */
export interface EntryRetention {
  /** Those from this instant on; null: all, whatever their age. */
  since: string | null;
  /** Of those, only about so many bytes. */
  bytes: number;
}

/** The end of what is durable: the hash there covers all that came before. */
export interface Tip {
  seq: number;
  /** SHA-256, hex. */
  hash: string;
  epoch: string;
}

export interface StoreStatus {
  kind: string;
  /** Whether writes work; `reason` says why not. */
  healthy: boolean;
  reason: string | null;
  users: number;
  /** The highest durable position. */
  seq: number;
  epoch: string;
  /** Bytes of the journal's newest segment. */
  journalBytes: number;
  /** Bytes of the newest snapshot. */
  snapshotBytes: number;
}

/** A backup that was written: where, its size and SHA-256, and the tip of what it holds. */
export interface Backup extends Omit<Tip, "epoch"> {
  /** An absolute path on the daemon's machine. */
  file: string;
  bytes: number;
  /** Hex. */
  sha256: string;
}

/** One thing that is wrong with what is stored. */
export interface Problem {
  /** Its path; null when it is not about one file. */
  file: string | null;
  /** From 1; null when it is not about one line. */
  line: number | null;
  /** What is wrong, in words that follow the place. */
  problem: string;
}

/** An attempt that changed nothing: denied or failed. Written with the next group, never awaited. */
export interface Attempt {
  at: string;
  type: EntryType;
  actor: Actor;
  subject: Subject | null;
  outcome: "denied" | "failed" | "ok";
  count: number;
  data: Record<string, unknown>;
}

/**
 * What the directory needs of a store. Nothing outside `store/` may know that the data is in memory.
 * Only `transaction` changes anything.
 */
export interface Store extends Reader {
  /**
   * Runs `work` alone against head; resolves with its value once its changes are on disk (`fdatasync`), before
   * the entries reach `onEntries` listeners. `work` awaits nothing but the transaction. What `work` throws is
   * thrown on, after all that it may have read is on disk, and nothing is changed. A transaction that put,
   * deleted and said nothing writes nothing.
   *
   * Throws 503 `storeUnavailable` when the write fails or the store is read-only.
   */
  transaction<T>(actor: Actor, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Appends an attempt with the next group; lost without harm if the store is read-only. */
  record(attempt: Attempt): void;
  /** Counts a use; kept in memory and flushed once a minute as one line that is no event. */
  countUse(id: string, at: string, address: string | null): void;
  queryUsers(query: UserQuery): Promise<Window<UserRecord>>;
  /** The live users whose ids follow `id`, by id, at most `limit`; whatever changes meanwhile, nobody is skipped or met twice. */
  usersAfter(id: string, limit: number): Promise<UserRecord[]>;
  /** Deleted users included. */
  scanUsers(scan: Scan<UserRecord>): Promise<UserRecord[]>;
  /** Everybody's oldest first; one user's in no particular order. */
  queryKeys(query: KeyQuery): Promise<Window<KeyRecord>>;
  scanKeys(scan: Scan<KeyRecord>): Promise<KeyRecord[]>;
  /** In the order of `queryKeys`. */
  querySessions(query: SessionQuery): Promise<Window<SessionRecord>>;
  scanSessions(scan: SessionScan): Promise<SessionRecord[]>;
  /**
   * Durable entries back from a position, those of counted uses left out; looks through a bounded part of them for each
   * call.
   */
  queryEntries(query: EntryQuery): Promise<EntryPage>;
  /**
   * Removes the oldest entries that need not be kept, many at a time or none, and enters `audit.pruned` for them. When
   * that fails they are kept, and the store's log says why.
   */
  pruneEntries(keep: EntryRetention): Promise<void>;
  tip(): Tip;
  /** Entries after position `since` that are still kept, oldest first; null when the oldest are gone. */
  entriesSince(since: number): AsyncIterable<readonly Entry[]> | null;
  /**
   * Calls back with each group's entries in `seq` order, in a later macrotask than the one that resolved their
   * transactions, so that an answer precedes its event.
   */
  onEntries(listener: (entries: readonly Entry[]) => void): void;
  status(): StoreStatus;
  /**
   * Writes all that is durable at some instant after the call into one file; reads and changes go on meanwhile. Throws
   * 503 `storeUnavailable` when it cannot be written.
   */
  backup(): Promise<Backup>;
  /** Looks for damage and for changes made from outside, in all that is stored; reads and changes go on meanwhile. */
  verify(): Promise<readonly Problem[]>;
  /** Flushes, snapshots and lets go of the directory; later transactions get 503. */
  close(): Promise<void>;
}
