import { invalidParams, refusal } from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Reader } from "../store/store.ts";
import type { CallerNow } from "./caller.ts";
import { hasPassed, keyEnd } from "./lifetime.ts";
import { permissionsOf } from "./permissions.ts";
import { assertMayGrant } from "./rank.ts";

/**
 * The list that a new key gets. Left out on one's own account by a person, it is null: all that one holds at any
 * time; otherwise it is what the owner holds now. Throws 403 `outranked`, and -32602 for what the owner lacks.
 */
export async function grantablePermissions(
  reader: Reader,
  by: CallerNow,
  owner: UserRecord,
  wanted: readonly string[] | undefined,
): Promise<readonly string[] | null> {
  const isOwn = by.kind === "session" && by.user.id === owner.id;
  if (wanted === undefined && isOwn) return null;
  const held = await permissionsOf(reader, owner);
  const permissions = wanted ?? [...held].sort();
  assertMayGrant(by, permissions);
  assertNotWider(by, permissions);
  assertHeld(owner, held, permissions);
  return permissions;
}

/**
 * The end that a new key gets: the one wanted, never past the end of a key that makes it.
 * Throws -32602 for an end that has passed or outlives the calling key.
 */
export function firstEnd(by: CallerNow, wanted: string | null | undefined, at: string): string | null {
  const limit = by.kind === "key" ? keyEnd(by.key) : null;
  const end = wanted === undefined ? limit : wanted;
  if (hasPassed(end, at)) throw badEnd("must lie in the future");
  if (limit !== null && (end === null || end > limit)) {
    throw badEnd(`must not be later than ${limit}, when the calling key ends`);
  }
  return end;
}

/** A key makes nothing wider than itself, applications' permissions included. */
function assertNotWider(by: CallerNow, permissions: readonly string[]): void {
  if (by.kind !== "key") return;
  const wider = permissions.filter((permission) => !by.permissions.has(permission));
  if (wider.length === 0) return;
  throw refusal("outranked", `A key cannot make a key that holds more than itself: ${wider.join(", ")}`, {
    permissions: wider,
  });
}

function assertHeld(owner: UserRecord, held: ReadonlySet<string>, permissions: readonly string[]): void {
  const issues = permissions.flatMap((permission, index) =>
    held.has(permission)
      ? []
      : [{ path: ["permissions", index], code: "notHeld", message: `${owner.username} lacks ${permission}` }],
  );
  if (issues.length > 0) throw invalidParams(issues);
}

function badEnd(message: string): Error {
  return invalidParams([{ path: ["expiresAt"], code: "badEnd", message }]);
}
