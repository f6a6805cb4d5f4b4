import type { KeyRecord, RoleRecord, SessionRecord, UserRecord } from "../../../daemon/store/records.ts";
import type { Store, Transaction } from "../../../daemon/store/store.ts";
import type { Actor } from "../../../protocol/index.ts";

export const actor: Actor = { kind: "local", id: null, name: null, address: null };

export function user(id: string, over: Partial<UserRecord> = {}): UserRecord {
  return {
    id,
    username: `name-${id}`,
    fullName: `Full Name ${id}`,
    type: "normal",
    roles: ["viewer"],
    active: true,
    mustChangePassword: false,
    passwordHash: null,
    passwordChangedAt: null,
    validUntil: null,
    theme: "default",
    presence: true,
    lastLoginAt: null,
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    deletedAt: null,
    revision: 1,
    ...over,
  };
}

export function key(id: string, userId: string, over: Partial<KeyRecord> = {}): KeyRecord {
  return {
    id,
    userId,
    name: "a key",
    lookup: `lookup-${id}`,
    hash: "00",
    hint: "rk_",
    permissions: null,
    createdAt: "2026-01-01T00:00:00.000Z",
    expiresAt: null,
    expiredAt: null,
    rotatedFrom: null,
    rotatedTo: null,
    graceUntil: null,
    revokedAt: null,
    revokedReason: null,
    ...over,
  };
}

/** Puts a user and says so. */
export function putUser(tx: Transaction, record: UserRecord): void {
  tx.put("users", record);
  tx.entry(
    "user.updated",
    { kind: "user", id: record.id, name: record.username },
    { fullName: record.fullName },
  );
}

export function addUser(store: Store, record: UserRecord): Promise<void> {
  return store.transaction(actor, async (tx) => putUser(tx, record));
}

export function role(id: string): RoleRecord {
  return { id, name: id, description: "", permissions: [], builtIn: false, revision: 1 };
}

export function session(id: string, userId: string): SessionRecord {
  return {
    id,
    userId,
    lookup: `lookup-${id}`,
    hash: "00",
    createdAt: "2026-01-01T00:00:00.000Z",
    expiresAt: "2026-02-01T00:00:00.000Z",
    idleMs: 3_600_000,
    reauthenticatedAt: "2026-01-01T00:00:00.000Z",
    address: null,
    client: null,
  };
}
