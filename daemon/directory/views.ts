import type { ApiKey, PresenceEntry, Role, Session, User } from "../../protocol/index.ts";
import type { KeyRecord, PresenceRecord, RoleRecord, SessionRecord, UserRecord } from "../store/records.ts";
import type { Reader, Standing } from "../store/store.ts";
import type { CallerNow } from "./caller.ts";
import { isLive, keyStatus, lockedUntil } from "./lifetime.ts";
import { rolePermissions } from "./permissions.ts";
import { share } from "./shared.ts";
import { shownOf } from "./shown.ts";

// The one place where stored records become objects of the wire. Each field is named: what is not named here, a
// hash above all, does not leave.

/**
 * A user as the wire has it: shared, the same object again while nothing in it changed.
 */
export async function userView(reader: Reader, user: UserRecord, at: string): Promise<User> {
  return viewOf(await reader.standing(user), at);
}

/** The same of several, in their order. */
export async function userViews(reader: Reader, users: readonly UserRecord[], at: string): Promise<User[]> {
  return (await reader.standings(users)).map((standing) => viewOf(standing, at));
}

/** The same, by what has been looked up. */
export function viewOf(standing: Standing, at: string): User {
  const { user, roles } = standing;
  const locked = lockedUntil(standing.lockout, at);
  const activeKeys = countLive(standing.keys, at);
  const shown = shownOf(user);
  const before = shown.user;
  if (before && before.locked === locked && before.activeKeys === activeKeys && same(before.roles, roles)) {
    return before.view;
  }
  const view = share(viewed(user, roles, locked, activeKeys));
  shown.user = { view, roles, locked, activeKeys };
  return view;
}

/** A user just changed, as the answer and the event show it: once, so that nothing of it need be remembered. */
export async function changedUserView(reader: Reader, user: UserRecord, at: string): Promise<User> {
  const { roles, keys, lockout } = await reader.standing(user);
  return viewed(user, roles, lockedUntil(lockout, at), countLive(keys, at));
}

function viewed(
  user: UserRecord,
  roles: readonly RoleRecord[],
  lockedUntil: string | null,
  activeKeys: number,
): User {
  return {
    id: user.id,
    username: user.username,
    fullName: user.fullName,
    type: user.type,
    roles: names(roles),
    active: user.active,
    mustChangePassword: user.mustChangePassword,
    hasPassword: user.passwordHash !== null,
    passwordChangedAt: user.passwordChangedAt,
    validUntil: user.validUntil,
    theme: user.theme,
    presence: user.presence,
    lockedUntil,
    lastLoginAt: user.lastLoginAt,
    activeKeys,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    deletedAt: user.deletedAt,
    revision: user.revision,
  };
}

/** A user's line of the board; without a record that of somebody who has said nothing yet. Shared as `userView` is. */
export function presenceView(
  user: UserRecord,
  record: PresenceRecord | undefined,
  cleared: string,
): PresenceEntry {
  const shown = shownOf(user);
  const before = shown.presence;
  if (before && before.record === record) return before.entry;
  const entry = share<PresenceEntry>({
    userId: user.id,
    username: user.username,
    fullName: user.fullName,
    status: record?.status ?? cleared,
    message: record?.message ?? "",
    returnAt: record?.returnAt ?? null,
    updatedAt: record?.updatedAt ?? user.createdAt,
  });
  shown.presence = { entry, record };
  return entry;
}

/** `owner`: where it has been looked up already. */
export type KeyView = (reader: Reader, key: KeyRecord, at: string, owner?: UserRecord) => Promise<ApiKey>;

/** `connectionsOf`: how many open connections speak for the key of this id. */
export function createKeyView(connectionsOf: (keyId: string) => number): KeyView {
  return async (reader, key, at, known) => {
    const owner = known ?? (await reader.user(key.userId));
    const usage = await reader.usage(key.id);
    return {
      id: key.id,
      userId: key.userId,
      username: owner?.username ?? "",
      name: key.name,
      hint: key.hint,
      permissions: key.permissions === null ? null : [...key.permissions],
      status: keyStatus(key, at),
      createdAt: key.createdAt,
      expiresAt: key.expiresAt,
      lastUsedAt: usage?.lastUsedAt ?? null,
      lastUsedFrom: usage?.lastUsedFrom ?? null,
      useCount: usage?.useCount ?? 0,
      openConnections: connectionsOf(key.id),
      rotatedFrom: key.rotatedFrom,
      rotatedTo: key.rotatedTo,
      graceUntil: key.graceUntil,
      revokedAt: key.revokedAt,
      revokedReason: key.revokedReason,
    };
  };
}

export async function roleView(reader: Reader, role: RoleRecord): Promise<Role> {
  return {
    name: role.name,
    description: role.description,
    permissions: [...rolePermissions(role)].sort(),
    builtIn: role.builtIn,
    assigned: await reader.countUsersWithRole(role.id),
    revision: role.revision,
  };
}

/** A session as its events show it. */
export function sessionView(session: SessionRecord, { username }: Pick<UserRecord, "username">) {
  const { id, userId, createdAt, expiresAt, address, client } = session;
  return { id, userId, username, createdAt, expiresAt, address, client };
}

/** A session as lists show it to this caller. */
export async function listedSessionView(
  reader: Reader,
  session: SessionRecord,
  by: CallerNow,
): Promise<Session> {
  const user = await reader.user(session.userId);
  const usage = await reader.usage(session.id);
  return {
    ...sessionView(session, { username: user?.username ?? "" }),
    lastSeenAt: usage?.lastUsedAt ?? session.createdAt,
    current: by.kind === "session" && by.session.id === session.id,
  };
}

/** The names of the user's roles, sorted. */
export async function roleNames(reader: Reader, user: UserRecord): Promise<string[]> {
  return names(await reader.rolesOf(user));
}

function names(roles: readonly RoleRecord[]): string[] {
  return roles.map((role) => role.name).sort();
}

function same<T>(left: readonly T[], right: readonly T[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

function countLive(keys: readonly KeyRecord[], at: string): number {
  return keys.reduce((count, key) => (isLive(key, at) ? count + 1 : count), 0);
}
