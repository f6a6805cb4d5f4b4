import type { CheckedParams, MethodName } from "../../protocol/index.ts";
import type { KeyRecord, SessionRecord, UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";

/** Whom a connection claims to speak for: ids only, resolved afresh for each request. */
export type Caller =
  | { kind: "anonymous"; address: string | null }
  | { kind: "session"; sessionId: string; address: string | null }
  | { kind: "key"; keyId: string; address: string | null }
  | { kind: "local"; address: null; client: string | null };

/** A caller resolved: it exists, is active and not ended, and holds these permissions at this instant. */
export type CallerNow =
  | { kind: "anonymous"; caller: Caller; permissions: ReadonlySet<string> }
  | { kind: "local"; caller: Caller; permissions: ReadonlySet<string> }
  | {
      kind: "session";
      caller: Caller;
      user: UserRecord;
      session: SessionRecord;
      permissions: ReadonlySet<string>;
    }
  | { kind: "key"; caller: Caller; user: UserRecord; key: KeyRecord; permissions: ReadonlySet<string> };

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
