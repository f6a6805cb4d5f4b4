import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  type JsonStore,
  type JsonStoreOptions,
  openJsonStore,
} from "../../../../daemon/store/json/json-store.ts";
import type { KeyRecord, UserRecord } from "../../../../daemon/store/records.ts";
import type { Transaction } from "../../../../daemon/store/store.ts";
import type { Actor } from "../../../../protocol/index.ts";

export const actor: Actor = { kind: "local", id: null, name: null, address: null };

/** A directory that the caller removes. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "roster-store-"));
  await chmod(directory, 0o700);
  return directory;
}

/** A directory of the test's own, gone when it ends. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await makeDirectory();
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A store that is closed when the test ends. */
export async function open(options: JsonStoreOptions): Promise<JsonStore> {
  const store = await openJsonStore(options);
  onTestFinished(() => store.close());
  return store;
}

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

export function addUser(store: JsonStore, record: UserRecord): Promise<void> {
  return store.transaction(actor, async (tx) => putUser(tx, record));
}
