import type { MethodName, Result } from "../protocol/index.ts";
import type { Call, Caller } from "./directory/caller.ts";

/** What a handler may do to the connection that carries its call. */
export interface ConnectionHandle {
  readonly caller: Caller;
  /** The peer's address; null on the Unix socket. */
  readonly address: string | null;
  /** What the client calls itself; shown as claimed. */
  readonly client: string | null;
  /** Makes the connection speak for somebody else; becoming anonymous ends its subscriptions. */
  become(caller: Caller): void;
}

/** Method → directory: a method of the contract without a handler does not compile. */
export type Handlers<Context> = {
  [M in MethodName]: (call: Call<M>, connection: ConnectionHandle, context: Context) => Promise<Result<M>>;
};
