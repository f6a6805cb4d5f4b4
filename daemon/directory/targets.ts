import { invalidParams, isId, refusal } from "../../protocol/index.ts";
import type { KeyRecord, RoleRecord, SessionRecord, UserRecord } from "../store/records.ts";
import type { Reader } from "../store/store.ts";
import type { CallerNow, Found } from "./caller.ts";
import { assertOutranks, assertOutranksWith } from "./rank.ts";

/** The account that a `UserRef` names, deleted ones included. */
export function findUser(reader: Reader, ref: string): Promise<UserRecord | undefined> {
  return isId(ref) ? reader.user(ref) : reader.userByName(ref);
}

/**
 * The account that a call is about: the one named, or the caller's own.
 *
 * Throws -32602 when none is named by a caller without an account, and 404.
 */
export async function targetUser(reader: Reader, by: CallerNow, ref?: string): Promise<UserRecord> {
  if (ref === undefined) return ownAccount(by);
  const user = await findUser(reader, ref);
  if (!user) throw noSuchUser(ref);
  return user;
}

/** The account that a call is about, where authorising the call has found it. */
export function foundUser(found: Found): UserRecord {
  if (found === undefined || "userId" in found) throw new TypeError("The call is about no user");
  return found;
}

/** The same, for what a deleted account does not take part in: it is not there. */
export async function liveUser(reader: Reader, by: CallerNow, ref?: string): Promise<UserRecord> {
  const user = await targetUser(reader, by, ref);
  assertNotDeleted(user);
  return user;
}

/** The account to change, or to make a credential of. Throws 403 `outranked`, and 404 for a deleted one too. */
export async function changeableUser(reader: Reader, by: CallerNow, ref?: string): Promise<UserRecord> {
  const user = await targetUser(reader, by, ref);
  assertChangeable(await reader.rolesOf(user), by, user);
  return user;
}

/** By the user's roles. Throws 403 `outranked`, and 404 for a deleted one. */
export function assertChangeable(roles: readonly RoleRecord[], by: CallerNow, user: UserRecord): void {
  assertOutranksWith(roles, by, user);
  assertNotDeleted(user);
}

/** The deleted account to take back or to remove. Throws 403 `outranked`, 404, and 422 for one that is not deleted. */
export async function deletedUser(reader: Reader, by: CallerNow, ref: string): Promise<UserRecord> {
  const user = await targetUser(reader, by, ref);
  await assertOutranks(reader, by, user);
  if (user.deletedAt === null) throw refusal("invalidState", `User ${user.username} is not deleted`);
  return user;
}

function assertNotDeleted({ username, deletedAt }: UserRecord): void {
  if (deletedAt === null) return;
  throw refusal("notFound", `User ${username} is deleted; restore it first (users.restore)`, { deletedAt });
}

/** A key and its owner. Throws 404. */
export async function targetKey(reader: Reader, id: string): Promise<{ key: KeyRecord; owner: UserRecord }> {
  const key = await reader.key(id);
  const owner = key && (await reader.user(key.userId));
  if (!key || !owner) throw noSuchKey(id);
  return { key, owner };
}

/** The role of this name. Throws 404. */
export async function targetRole(reader: Reader, name: string): Promise<RoleRecord> {
  const role = await reader.roleByName(name);
  if (!role) throw refusal("notFound", `There is no role ${name}`);
  return role;
}

/** A session and its user. Throws 404. */
export async function targetSession(
  reader: Reader,
  id: string,
): Promise<{ session: SessionRecord; user: UserRecord }> {
  const session = await reader.session(id);
  const user = session && (await reader.user(session.userId));
  if (!session || !user) throw noSuchSession(id);
  return { session, user };
}

export function noSuchUser(ref: string): Error {
  return refusal("notFound", `There is no user ${ref}`);
}

export function noSuchKey(id: string): Error {
  return refusal("notFound", `There is no key ${id}`);
}

export function noSuchSession(id: string): Error {
  return refusal("notFound", `There is no session ${id}`);
}

/** The caller's own account. Throws -32602 for a caller without one. */
export function ownAccount(by: CallerNow): UserRecord {
  if (by.kind === "session" || by.kind === "key") return by.user;
  throw invalidParams([
    { path: ["user"], code: "required", message: "name a user: this connection has no account of its own" },
  ]);
}
