import {
  type Access,
  type CheckedParams,
  type Declaration,
  declarationOf,
  type MethodName,
  type OwnPermission,
  refusal,
} from "../protocol/index.ts";
import { type Caller, type CallerNow, resolveCaller } from "./directory/caller.ts";
import { findUser, noSuchKey, noSuchSession, noSuchUser, ownAccount } from "./directory/targets.ts";
import type { Reader } from "./store/store.ts";

/** Sudo methods want a password proof not older than this. */
const PROOF_MS = 15 * 60_000;

/** The caller as it is now. Throws 401 `unauthenticated` or `sessionExpired`, and 428 `passwordChangeRequired`. */
export async function admit(
  reader: Reader,
  caller: Caller,
  method: MethodName,
  at: string,
): Promise<CallerNow> {
  const declaration = declared(method);
  const by = await resolveCaller(reader, caller, at);
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

/**
 * Whether the caller may make this call: first by permission, then by the age of its password proof. Only who may
 * is told that the object does not exist.
 *
 * Throws 403 `forbidden` or `reauthenticationRequired`, 404, and -32602 where no account is named or implied.
 */
export async function permit<M extends MethodName>(
  reader: Reader,
  by: CallerNow,
  method: M,
  params: CheckedParams<M>,
): Promise<void> {
  const declaration = declared(method);
  const missing = await judge(reader, by, method, declaration.access, params as Target);
  for (const { permission, holds } of declaration.alsoNeeds ?? []) {
    if (holds(params as never)) assertHolds(by, permission);
  }
  if (by.kind === "session" && needsProof(declaration, params)) {
    assertFreshProof(by.session.reauthenticatedAt, by.at);
  }
  if (missing) throw missing;
}

/** Throws 403. Answers with the 404 that the caller, being allowed, is to be told. */
function judge(
  reader: Reader,
  by: CallerNow,
  method: string,
  access: Access,
  target: Target,
): Promise<Error | undefined> | undefined {
  if (access.who === "anyone") return undefined;
  if (access.who === "kinds") {
    if (access.kinds.some((kind) => kind === by.kind)) return undefined;
    throw refusal("forbidden", `${method} is not for ${by.kind} callers`);
  }
  if (access.target === "none" || target.allUsers) {
    assertHolds(by, access.permission);
    return undefined;
  }
  switch (access.target) {
    case "user":
      return judgeUser(reader, by, access, target);
    case "key":
      return judgeKey(reader, by, access, target.id ?? "");
    case "session":
      return judgeSession(reader, by, access, target.id ?? "");
  }
}

async function judgeUser(reader: Reader, by: CallerNow, access: Guarded, target: Target) {
  const user = target.user === undefined ? ownAccount(by) : await findUser(reader, target.user);
  if (user && "user" in by && user.id === by.user.id) {
    if (by.kind === "session" && access.ownIsFree && touchesOnly(access.ownFields, target.changes)) return;
    if (by.kind === "key" && access.keyMay === "owner") return;
  }
  assertHolds(by, access.permission);
  return user ? undefined : noSuchUser(target.user ?? "");
}

async function judgeKey(reader: Reader, by: CallerNow, access: Guarded, id: string) {
  const key = await reader.key(id);
  if (key && by.kind === "session" && access.ownIsFree && key.userId === by.user.id) return;
  if (key && by.kind === "key" && access.keyMay === "itself" && key.id === by.key.id) return;
  assertHolds(by, access.permission);
  return key ? undefined : noSuchKey(id);
}

async function judgeSession(reader: Reader, by: CallerNow, access: Guarded, id: string) {
  const session = await reader.session(id);
  if (session && by.kind === "session" && access.ownIsFree && session.userId === by.user.id) return;
  assertHolds(by, access.permission);
  return session ? undefined : noSuchSession(id);
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
  const permission = [needed].flat().find((name) => !permissions.has(name));
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
