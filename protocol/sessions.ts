import { z } from "zod";
import { method } from "./method.ts";
import { Id, listOf, page, Timestamp, UserRef } from "./scalars.ts";

/** A login that outlives connections, without its token. */
export const Session = z
  .strictObject({
    id: Id,
    userId: Id,
    username: z.string(),
    createdAt: Timestamp,
    lastSeenAt: Timestamp,
    /** The absolute end; unused for long, a session ends earlier. */
    expiresAt: Timestamp,
    /** Where it was begun; null on the Unix socket. */
    address: z.string().nullable(),
    /** What the client called itself; shown as claimed. */
    client: z.string().nullable(),
    /** Whether this call came over it. */
    current: z.boolean(),
  })
  .meta({ id: "Session", title: "Session" });

const Revoked = z.strictObject({ revoked: z.int() });
const sessionAccess = { who: "permission", permission: "sessions.manage", ownIsFree: true } as const;

export const sessionMethods = {
  "sessions.list": method({
    summary: "The live sessions of one user, or of everybody, oldest first",
    params: z
      .strictObject({ user: UserRef.optional(), allUsers: z.boolean().optional(), ...page })
      .refine(({ user, allUsers }) => !(user !== undefined && allUsers), {
        path: ["allUsers"],
        message: "give a user or allUsers, not both",
      }),
    result: listOf(Session),
    access: { ...sessionAccess, target: "user" },
    refusals: ["invalidState"],
  }),
  "sessions.revoke": method({
    summary: "End a session now, open connections included",
    params: z.strictObject({ id: Id }),
    result: Revoked,
    access: { ...sessionAccess, target: "session" },
    refusals: ["outranked", "storeUnavailable"],
  }),
  "sessions.revokeAll": method({
    summary: "End all sessions of a user now; of one's own, all but the one that asks",
    params: z.strictObject({ user: UserRef.optional() }),
    result: Revoked,
    access: { ...sessionAccess, target: "user" },
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
};

export type Session = z.output<typeof Session>;
