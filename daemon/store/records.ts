/**
 * What is stored. These are not the shapes of the wire: `directory/` converts, and only there.
 * Records are immutable: a change puts a new one. Times are RFC 3339 UTC with milliseconds, so they compare as text.
 */

export interface UserRecord {
  id: string;
  username: string;
  fullName: string;
  type: "normal" | "service";
  /** Role ids. */
  roles: readonly string[];
  active: boolean;
  mustChangePassword: boolean;
  /** scrypt-kdf's record (Tarsnap's format), base64; null: no password, only keys. */
  passwordHash: string | null;
  passwordChangedAt: string | null;
  validUntil: string | null;
  /** Journalled once `validUntil` has passed: the account stays ended until it gets another end, or none. */
  expiredAt?: string | undefined;
  theme: "default" | "light" | "high-contrast" | "halloween";
  presence: boolean;
  lastLoginAt: string | null;
  createdAt: string;
  updatedAt: string;
  deletedAt: string | null;
  revision: number;
}

export interface RoleRecord {
  /** Survives renaming; the built-in roles' ids are their first names. */
  id: string;
  name: string;
  description: string;
  permissions: readonly string[];
  builtIn: boolean;
  revision: number;
}

export interface KeyRecord {
  id: string;
  userId: string;
  name: string;
  /** The secret's public part, for the look-up. */
  lookup: string;
  /** SHA-256 of the whole secret, hex. */
  hash: string;
  hint: string;
  permissions: readonly string[] | null;
  createdAt: string;
  expiresAt: string | null;
  /** Journalled once `expiresAt` or `graceUntil` has passed: an ended key stays ended whatever the clock does. */
  expiredAt: string | null;
  rotatedFrom: string | null;
  rotatedTo: string | null;
  graceUntil: string | null;
  revokedAt: string | null;
  revokedReason: string | null;
}

export interface SessionRecord {
  id: string;
  userId: string;
  lookup: string;
  /** SHA-256 of the whole token, hex. */
  hash: string;
  createdAt: string;
  /** The absolute end. */
  expiresAt: string;
  /** The idle end is so many milliseconds after the last use; absent from sessions that 0.1.0 began: 12 hours. */
  idleMs?: number;
  /** The last password proof. */
  reauthenticatedAt: string;
  address: string | null;
  client: string | null;
}

export interface SettingsRecord {
  /** The user's id. */
  id: string;
  settings: { readonly [namespace: string]: unknown };
  revision: number;
}

/** What a user last said on the presence board. */
export interface PresenceRecord {
  /** The user's id. */
  id: string;
  status: string;
  message: string;
  returnAt: string | null;
  updatedAt: string;
}

/** Wrong passwords of an account since the last good one. */
export interface LockoutRecord {
  /** The user's id. */
  id: string;
  failures: number;
  until: string;
}

/** When and whence a key or session was last used: counted in memory, written once a minute. */
export interface UsageRecord {
  /** The key's or session's id. */
  id: string;
  lastUsedAt: string;
  lastUsedFrom: string | null;
  useCount: number;
}

export interface Records {
  users: UserRecord;
  roles: RoleRecord;
  keys: KeyRecord;
  sessions: SessionRecord;
  settings: SettingsRecord;
  presence: PresenceRecord;
  lockouts: LockoutRecord;
  usage: UsageRecord;
}

export type Collection = keyof Records;
