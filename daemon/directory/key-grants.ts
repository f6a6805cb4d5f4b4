import { invalidParams, type ParamIssue, refusal } from "../../protocol/index.ts";
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
    held.has(permission) ? [] : [notHeld(owner, permission, ["permissions", index])],
  );
  if (issues.length > 0) throw invalidParams(issues);
}

/** What is wrong with a key's permission that its owner does not hold. */
export function notHeld(owner: UserRecord, permission: string, path: ParamIssue["path"]): ParamIssue {
  return { path, code: "notHeld", message: `${owner.username} lacks ${permission}` };
}

export function badEnd(message: string, path: ParamIssue["path"] = ["expiresAt"]): Error {
  return invalidParams([{ path, code: "badEnd", message }]);
}
