import { ownPermissions } from "../../protocol/index.ts";
import type { KeyRecord, RoleRecord, UserRecord } from "../store/records.ts";
import type { Reader } from "../store/store.ts";
import { share } from "./shared.ts";

/** The role that permits everything, by its id; it can be neither changed nor deleted. */
export const ADMIN_ROLE = "admin";

/**
 * What a role permits. The administrators' follows the contract and not what was stored: a later version knows
 * permissions that an older directory has never heard of.
 */
export function rolePermissions(role: RoleRecord): readonly string[] {
  return role.id === ADMIN_ROLE ? ownPermissions : role.permissions;
}

interface RoleSet {
  permissions: ReadonlySet<string>;
  /** The set with one role more. */
  with: WeakMap<RoleRecord, RoleSet>;
}

// Records are immutable: a changed role is another record, so what was computed for the old one is never found again.
const noRoles: RoleSet = { permissions: new Set(), with: new WeakMap() };

/** All that the user's roles permit at this instant, whether or not the account lets anybody in. */
export async function permissionsOf(reader: Reader, user: UserRecord): Promise<ReadonlySet<string>> {
  return permissionsBy(await reader.rolesOf(user));
}

/** All that these roles permit together: the same set again for the same roles. */
export function permissionsBy(roles: readonly RoleRecord[]): ReadonlySet<string> {
  let held = noRoles;
  for (const role of roles) held = held.with.get(role) ?? withRole(held, role);
  return held.permissions;
}

function withRole(held: RoleSet, role: RoleRecord): RoleSet {
  const more = { permissions: new Set([...held.permissions, ...rolePermissions(role)]), with: new WeakMap() };
  held.with.set(role, more);
  return more;
}

const narrowedBefore = new WeakMap<
  KeyRecord,
  { of: ReadonlySet<string>; permissions: ReadonlySet<string> }
>();

/** What a key permits: its list as far as its owner holds it now. */
export function narrowed(key: KeyRecord, owners: ReadonlySet<string>): ReadonlySet<string> {
  if (key.permissions === null) return owners;
  const before = narrowedBefore.get(key);
  if (before?.of === owners) return before.permissions;
  const permissions = new Set(key.permissions.filter((permission) => owners.has(permission)));
  narrowedBefore.set(key, { of: owners, permissions });
  return permissions;
}

const sortedBefore = new WeakMap<ReadonlySet<string>, string[]>();

/** The permissions as the wire has them. Frozen, and the same array again for the same set. */
export function sorted(permissions: ReadonlySet<string>): string[] {
  const before = sortedBefore.get(permissions);
  if (before) return before;
  const names = share([...permissions].sort());
  sortedBefore.set(permissions, names);
  return names;
}
