import { type Actor, type CheckedParams, type MethodName, ownPermissions } from "../../protocol/index.ts";
import type { KeyRecord, SessionRecord, UserRecord } from "../store/records.ts";
import type { KeyBearer, Reader, SessionBearer, Transaction } from "../store/store.ts";
import { isLive, mayEnter, sessionEnd } from "./lifetime.ts";
import { narrowed, permissionsBy } from "./permissions.ts";

/** Whom a connection claims to speak for: ids only, resolved afresh for each request. */
export type Caller =
  | { kind: "anonymous"; address: string | null }
  | { kind: "session"; sessionId: string; address: string | null }
  | { kind: "key"; keyId: string; address: string | null }
  | { kind: "local"; address: null; client: string | null };

interface Resolved {
  caller: Caller;
  /** All that it may do. */
  permissions: ReadonlySet<string>;
  /** The instant by which it was resolved, and by which the call judges what time has ended. */
  at: string;
}

/** A caller resolved: it exists, is active and not ended, and holds these permissions at this instant. */
export type CallerNow =
  | (Resolved & { kind: "anonymous" | "local" })
  | (Resolved & { kind: "session"; user: UserRecord; session: SessionRecord })
  | (Resolved & { kind: "key"; user: UserRecord; key: KeyRecord });

/** The user, key or session that a call is about, where access depends on that. */
export type Found = UserRecord | KeyRecord | SessionRecord | undefined;

/** One validated, authorised request on its way to the directory. */
export interface Call<M extends MethodName = MethodName> {
  method: M;
  params: CheckedParams<M>;
  /** The caller as it was when the request was authorised. */
  by: CallerNow;
  /** What the call is about, as it was then. */
  found: Found;
  /**
   * Runs `work` in a store transaction after authorising the call again inside it; `by` and `found` are the caller and
   * what the call is about as head has them. The one way for a call to change the directory.
   */
  change<T>(work: (tx: Transaction, by: CallerNow, found: Found) => Promise<T>): Promise<T>;
}

const nothing: ReadonlySet<string> = new Set();
const everything: ReadonlySet<string> = new Set(ownPermissions);

/** The caller as it is at this instant; undefined once its session, key or account has ended. */
export async function resolveCaller(
  reader: Reader,
  caller: Caller,
  at: string,
): Promise<CallerNow | undefined> {
  return callerAt(caller, await findBearer(reader, caller), at);
}

/** What stands behind the caller; nothing for one that needs no credential. */
export function findBearer(
  reader: Reader,
  caller: Caller,
): Promise<KeyBearer | SessionBearer | undefined> | undefined {
  if (caller.kind === "session") return reader.sessionBearer(caller.sessionId);
  if (caller.kind === "key") return reader.keyBearer(caller.keyId);
  return undefined;
}

/** `resolveCaller` once what stands behind the caller has been found. */
export function callerAt(
  caller: Caller,
  bearer: KeyBearer | SessionBearer | undefined,
  at: string,
): CallerNow | undefined {
  if (caller.kind === "anonymous") return { kind: "anonymous", caller, at, permissions: nothing };
  if (caller.kind === "local") return { kind: "local", caller, at, permissions: everything };
  if (!bearer || !mayEnter(bearer.user, at)) return undefined;
  const { user } = bearer;
  const permissions = permissionsBy(bearer.roles);
  if ("key" in bearer) {
    const { key } = bearer;
    if (!isLive(key, at)) return undefined;
    return { kind: "key", caller, at, user, key, permissions: narrowed(key, permissions) };
  }
  const { session, usage } = bearer;
  if (sessionEnd(session, usage, at)) return undefined;
  return { kind: "session", caller, at, user, session, permissions };
}

/** Who acts, as audit and events name it: `id` is the user's, for a key the key's; `name` says the user. */
export function actorOf(by: CallerNow): Actor {
  const { kind, caller } = by;
  const address = caller.address;
  switch (by.kind) {
    case "anonymous":
      return { kind, id: null, name: null, address };
    case "local":
      return { kind, id: null, name: caller.kind === "local" ? caller.client : null, address };
    case "session":
      return { kind, id: by.user.id, name: by.user.username, address };
    case "key":
      return { kind, id: by.key.id, name: `${by.user.username}/${by.key.name}`, address };
  }
}
