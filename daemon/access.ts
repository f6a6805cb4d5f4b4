import {
  type Access,
  type CheckedParams,
  type Declaration,
  declarationOf,
  type MethodName,
  type OwnPermission,
  refusal,
} from "../protocol/index.ts";
import type { Caller, CallerNow, Found } from "./directory/caller.ts";
import { findUser, noSuchKey, noSuchSession, noSuchUser, ownAccount } from "./directory/targets.ts";
import type { Reader } from "./store/store.ts";

/** Sudo methods want a password proof not older than this. */
const PROOF_MS = 15 * 60_000;

/**
 * Whether the caller, as `callerAt` found it, may make this call at all. Throws 401 `unauthenticated` or
 * `sessionExpired`, and 428 `passwordChangeRequired`.
 */
export function admit(by: CallerNow | undefined, caller: Caller, method: MethodName): CallerNow {
  const declaration = declared(method);
  if (!by && caller.kind === "session")
    throw refusal("sessionExpired", "The session has ended; log in again");
  if (!by) throw refusal("unauthenticated", "The key, or its owner's account, has ended");
  if (by.kind === "anonymous" && declaration.access.who !== "anyone") {
    throw refusal("unauthenticated", `${method} needs a login`);
  }
  if (by.kind === "session" && by.user.mustChangePassword && !declaration.duringForcedChange) {
    throw refusal("passwordChangeRequired", "Change your password first (users.changePassword)");
  }
  return by;
}

/** Looks up whom the call is about, where access depends on that. Throws -32602 where no account is named or implied. */
export function findTarget<M extends MethodName>(
  reader: Reader,
  by: CallerNow,
  method: M,
  params: CheckedParams<M>,
): Found | Promise<Found> {
  const { access } = declared(method);
  const { user, id = "", allUsers } = params as Target;
  if (access.who !== "permission" || allUsers) return undefined;
  switch (access.target) {
    case "none":
      return undefined;
    case "user":
      return user === undefined ? ownAccount(by) : findUser(reader, user);
    case "key":
      return reader.key(id);
    case "session":
      return reader.session(id);
  }
}

/**
 * Whether the caller may make this call about what `findTarget` found: first by permission, then by the age of its
 * password proof. Only who may is told that the object does not exist.
 *
 * Throws 403 `forbidden` or `reauthenticationRequired`, and 404.
 */
export function permit<M extends MethodName>(
  by: CallerNow,
  method: M,
  params: CheckedParams<M>,
  found: Found,
): void {
  const declaration = declared(method);
  const { access } = declaration;
  const target = params as Target;
  judge(by, method, access, target, found);
  for (const { permission, holds } of declaration.alsoNeeds ?? []) {
    if (holds(params as never)) assertHolds(by, permission);
  }
  if (by.kind === "session" && needsProof(declaration, params)) {
    assertFreshProof(by.session.reauthenticatedAt, by.at);
  }
  if (!found) assertNothingMissing(access, target);
}

/** Throws 403 `forbidden`. */
function judge(by: CallerNow, method: string, access: Access, target: Target, found: Found): void {
  if (access.who === "anyone") return;
  if (access.who === "permission") {
    if (!(found && isOwn(by, access, target, found))) assertHolds(by, access.permission);
    return;
  }
  if (access.kinds.some((kind) => kind === by.kind)) return;
  throw refusal("forbidden", `${method} is not for ${by.kind} callers`);
}

/** Whether the caller needs no permission, since it is about itself or what is its own. */
function isOwn(by: CallerNow, access: Guarded, { changes }: Target, found: NonNullable<Found>): boolean {
  if (by.kind === "session") {
    const owner = "userId" in found ? found.userId : found.id;
    return access.ownIsFree === true && owner === by.user.id && touchesOnly(access.ownFields, changes);
  }
  if (by.kind === "key") {
    if (access.keyMay === "owner") return found.id === by.user.id;
    return access.keyMay === "itself" && found.id === by.key.id;
  }
  return false;
}

/** Throws 404. */
function assertNothingMissing(access: Access, { user = "", id = "", allUsers }: Target): void {
  if (access.who !== "permission" || allUsers) return;
  if (access.target === "user") throw noSuchUser(user);
  if (access.target === "key") throw noSuchKey(id);
  if (access.target === "session") throw noSuchSession(id);
}

type Guarded = Extract<Access, { who: "permission" }>;

/** The parameters by which declarations name whom a call is about. */
interface Target {
  user?: string;
  id?: string;
  allUsers?: boolean;
  changes?: object;
}

function touchesOnly(fields: readonly string[] | undefined, changes: object = {}): boolean {
  return !fields || Object.keys(changes).every((field) => fields.includes(field));
}

function assertHolds({ permissions }: CallerNow, needed: OwnPermission | readonly OwnPermission[]): void {
  const all = typeof needed === "string" ? [needed] : needed;
  const permission = all.find((name) => !permissions.has(name));
  if (permission === undefined) return;
  throw refusal("forbidden", `This needs the permission ${permission}`, { permission });
}

function needsProof({ sudo }: Declaration, params: unknown): boolean {
  return typeof sudo === "object" ? sudo.holds(params as never) : sudo === true;
}

function assertFreshProof(provenAt: string, at: string): void {
  if (Date.parse(at) - Date.parse(provenAt) <= PROOF_MS) return;
  throw refusal("reauthenticationRequired", "Prove your password again first (auth.reauthenticate)");
}

function declared(method: MethodName): Declaration {
  const declaration = declarationOf(method);
  if (!declaration) throw new TypeError(`The contract declares no ${method}`);
  return declaration;
}
