import { type Actor, type CheckedParams, type MethodName, ownPermissions } from "../../protocol/index.ts";
import type { KeyRecord, SessionRecord, UserRecord } from "../store/records.ts";
import type { Reader, Transaction } from "../store/store.ts";
import { isLive, mayEnter, sessionEnd } from "./lifetime.ts";
import { narrowed, permissionsOf } from "./permissions.ts";

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

/** One validated, authorised request on its way to the directory. */
export interface Call<M extends MethodName = MethodName> {
  method: M;
  params: CheckedParams<M>;
  /** The caller as it was when the request was authorised. */
  by: CallerNow;
  /**
   * Runs `work` in a store transaction after authorising the call again inside it; `by` is the caller as head has
   * it. The one way for a call to change the directory.
   */
  change<T>(work: (tx: Transaction, by: CallerNow) => Promise<T>): Promise<T>;
}

const nothing: ReadonlySet<string> = new Set();
const everything: ReadonlySet<string> = new Set(ownPermissions);

/** The caller as it is at this instant; undefined once its session, key or account has ended. */
export async function resolveCaller(
  reader: Reader,
  caller: Caller,
  at: string,
): Promise<CallerNow | undefined> {
  switch (caller.kind) {
    case "anonymous":
      return { kind: "anonymous", caller, at, permissions: nothing };
    case "local":
      return { kind: "local", caller, at, permissions: everything };
    case "session": {
      const session = await reader.session(caller.sessionId);
      if (!session || sessionEnd(session, await reader.usage(session.id), at)) return undefined;
      const user = await reader.user(session.userId);
      if (!user || !mayEnter(user, at)) return undefined;
      const permissions = await permissionsOf(reader, user);
      return { kind: "session", caller, at, user, session, permissions };
    }
    case "key": {
      const key = await reader.key(caller.keyId);
      if (!key || !isLive(key, at)) return undefined;
      const user = await reader.user(key.userId);
      if (!user || !mayEnter(user, at)) return undefined;
      const permissions = narrowed(key, await permissionsOf(reader, user));
      return { kind: "key", caller, at, user, key, permissions };
    }
  }
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
