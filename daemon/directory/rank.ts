import { ownPermissions, refusal } from "../../protocol/index.ts";
import type { RoleRecord, UserRecord } from "../store/records.ts";
import type { Reader } from "../store/store.ts";
import type { CallerNow } from "./caller.ts";
import { permissionsBy } from "./permissions.ts";

const rosters: ReadonlySet<string> = new Set(ownPermissions);

/**
 * Nobody grants a permission that they lack. An application's permission may also be granted by whoever manages
 * roles. Throws 403 `outranked`.
 */
export function assertMayGrant(by: CallerNow, permissions: Iterable<string>): void {
  const lacked = lackedOf(by, permissions);
  if (lacked.length === 0) return;
  throw refusal("outranked", `You cannot give what you do not hold: ${lacked.join(", ")}`, {
    permissions: lacked,
  });
}

/**
 * Nobody changes, or makes a credential of, someone who holds a permission that they lack. A key stands where its
 * own narrowed permissions put it, beside its owner too. Throws 403 `outranked`.
 */
export async function assertOutranks(reader: Reader, by: CallerNow, user: UserRecord): Promise<void> {
  assertOutranksWith(await reader.rolesOf(user), by, user);
}

/** The same by the user's roles, where they have been looked up. */
export function assertOutranksWith(roles: readonly RoleRecord[], by: CallerNow, user: UserRecord): void {
  if (by.kind === "session" && by.user.id === user.id) return;
  const lacked = lackedOf(by, permissionsBy(roles));
  if (lacked.length === 0) return;
  throw refusal("outranked", `User ${user.username} holds what you do not: ${lacked.join(", ")}`, {
    permissions: lacked,
  });
}

/**
 * Nobody changes a role that somebody has who holds a permission that they lack; deleted users count, they may come
 * back. Throws 403 `outranked`.
 */
export async function assertOutranksHolders(reader: Reader, by: CallerNow, role: RoleRecord): Promise<void> {
  const judged = new Set<string>();
  for (const holder of await reader.usersWithRole(role.id)) {
    // Many hold few different sets of roles; who holds the same holds the same permissions.
    const held = holder.roles.join();
    if (judged.has(held)) continue;
    judged.add(held);
    await assertOutranks(reader, by, holder);
  }
}

function lackedOf(by: CallerNow, permissions: Iterable<string>): string[] {
  const lacked: string[] = [];
  for (const permission of permissions) if (lacks(by, permission)) lacked.push(permission);
  return lacked;
}

function lacks({ permissions }: CallerNow, permission: string): boolean {
  if (permissions.has(permission)) return false;
  return rosters.has(permission) || !permissions.has("roles.manage");
}
