import { type Reason, reasonCodes, rpcCodes } from "./errors.ts";
import type { Declaration } from "./method.ts";
import type { OpenRpcDocument } from "./openrpc-document.ts";

/** What a call may be refused for: a reason of Roster's own, or that its parameters are not as declared. */
export type ErrorName = Reason | "invalidParams";

/** Each reason in people's words, with what `data` holds besides it. */
const meanings: Record<Reason, [message: string, data?: Record<string, unknown>]> = {
  unauthenticated: ["This needs a login, or the key or its owner's account has ended"],
  invalidCredentials: ["Wrong name, password, key or token; never which of them"],
  sessionExpired: ["The session has ended: log in again"],
  forbidden: ["The caller lacks the permission", { permission: "users.read" }],
  reauthenticationRequired: ["The last password proof is too old: call auth.reauthenticate first"],
  outranked: ["The target holds, or would be given, what the caller lacks", { permissions: ["audit.read"] }],
  notFound: ["There is no such object, and the caller was allowed to know"],
  alreadyExists: ["The name is taken", { deletedUser: "019caa22-a400-7c3e-8d1e-5f2a9b7c0d1e" }],
  inUse: ["The role is still assigned", { count: 3 }],
  lastAdministrator: ["This would leave no administrator"],
  ownAccount: ["Nobody disables or deletes the account that they call with"],
  resumePointGone: ["Events since then are not kept, or from another epoch: fetch afresh", { seq: 42 }],
  revisionMismatch: ["ifRevision is stale: read again and decide anew", { revision: 7 }],
  passwordRejected: ["The password policy refuses it", { problems: ["tooShort"] }],
  invalidState: ["The object's state does not allow this; the message says why"],
  passwordChangeRequired: ["Change your password first (users.changePassword)"],
  rateLimited: ["Too many failed attempts: wait", { retryAfterMs: 1000 }],
  busy: ["Too many password checks at once: try again shortly", { retryAfterMs: 1000 }],
  storeUnavailable: ["Changes are refused because storage failed; reads go on"],
};

/** The `errors` components of the document, by name. */
export function errorComponents(): OpenRpcDocument["components"]["errors"] {
  const own = (Object.keys(meanings) as Reason[]).map((reason) => {
    const [message, data] = meanings[reason];
    return [reason, { code: reasonCodes[reason], message, data: { reason, ...data } }] as const;
  });
  const issues = [{ path: ["limit"], message: "Too big: expected number to be <=500", code: "too_big" }];
  return {
    invalidParams: {
      code: rpcCodes.invalidParams,
      message: "The parameters are not as declared; all problems are told at once",
      data: { issues },
    },
    ...Object.fromEntries(own),
  };
}

/** All that a method may be refused for, in the order in which it is judged. */
export function errorsOf({ access, params, sudo, duringForcedChange, refusals }: Declaration): ErrorName[] {
  const guarded = access.who === "permission";
  const possible = new Set<ErrorName>(["unauthenticated", "sessionExpired"]);
  if (!duringForcedChange) possible.add("passwordChangeRequired");
  if (Object.keys(params.shape).length > 0) possible.add("invalidParams");
  if (guarded || (access.who === "kinds" && access.kinds.length < 3)) possible.add("forbidden");
  if (sudo) possible.add("reauthenticationRequired");
  if (guarded && access.target !== "none") possible.add("notFound");
  for (const reason of refusals ?? []) possible.add(reason);
  return [...possible];
}
