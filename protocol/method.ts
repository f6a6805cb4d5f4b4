import type { z } from "zod";
import type { Reason } from "./errors.ts";
import type { OwnPermission } from "./permissions.ts";

export type PrincipalKind = "anonymous" | "session" | "key" | "local";

/**
 * Who may call a method.
 *
 * - `anyone`: anonymous callers too.
 * - `kinds`: callers of these kinds, whatever their permissions.
 * - `permission`: holders of it. `target` says whom the call is about:
 *   `none` (the directory as a whole), `user` (`params.user`; absent is the caller's own account),
 *   `key` (the owner of the key `params.id`), `session` (the user of the session `params.id`). With `ownIsFree` a session needs no permission for its own account.
 *   A key has no such right, but for `keyMay`: read its `owner`, or act on `itself`.
 *   `params.allUsers` widens the target to everybody.
 *   Of several permissions all are needed.
 *   `ownFields`: what a session without the permission may change of its own account.
 */
export type Access =
  | { who: "anyone" }
  | { who: "kinds"; kinds: readonly Exclude<PrincipalKind, "anonymous">[] }
  | {
      who: "permission";
      permission: OwnPermission | readonly OwnPermission[];
      target: "none" | "user" | "key" | "session";
      ownIsFree?: true;
      ownFields?: readonly string[];
      keyMay?: "owner" | "itself";
    };

/** A condition on the parameters, for the daemon and, in words that follow "needed", for documents. */
export interface Condition<P> {
  when: string;
  holds(params: P): boolean;
}

/** One method of the contract: everything else (types, validation, access, client, documents) follows from it. */
export interface Declaration<P extends z.ZodObject = z.ZodObject, R extends z.ZodType = z.ZodType> {
  /** One line for people. */
  summary: string;
  /** By name; unknown parameters are refused. */
  params: P;
  result: R;
  access: Access;
  /** Permissions that some parameters need besides those of `access`. */
  alsoNeeds?: readonly ({ permission: OwnPermission } & Condition<z.output<P>>)[];
  /** Needs a password proof not older than 15 minutes, always or for these parameters. */
  sudo?: true | Condition<z.output<P>>;
  /** Later requests on the connection wait until this one has been answered. */
  changesPrincipal?: true;
  /** Allowed while the session must change its password first. */
  duringForcedChange?: true;
  /** What its rules refuse it for, beyond what follows from the parameters, access, sudo and forced change above. */
  refusals?: readonly Reason[];
}

/** Declares a method; only infers. */
export function method<P extends z.ZodObject, R extends z.ZodType>(
  declaration: Declaration<P, R>,
): Declaration<P, R> {
  return declaration;
}
