import { z } from "zod";
import { method } from "./method.ts";
import { Id, listOf, page, Timestamp, userOrSelf } from "./scalars.ts";

export const Session = z
  .strictObject({
    id: Id.describe("The session's id, which is no part of its token"),
    userId: Id.describe("Whose it is"),
    username: z.string().describe("That user's username"),
    createdAt: Timestamp.describe("When it was begun, by a login"),
    lastSeenAt: Timestamp.describe("Its last request"),
    expiresAt: Timestamp.describe("The absolute end; unused for long, a session ends earlier"),
    address: z.string().nullable().describe("Where it was begun; null on the Unix socket"),
    client: z.string().nullable().describe("What the client called itself; shown as claimed"),
    current: z.boolean().describe("Whether this call came over it"),
  })
  .meta({
    id: "Session",
    title: "Session",
    description: "A login that outlives connections, without its token",
  });

const Revoked = z.strictObject({ revoked: z.int().describe("How many sessions were ended") });
const sessionAccess = { who: "permission", permission: "sessions.manage", ownIsFree: true } as const;

export const sessionMethods = {
  "sessions.list": method({
    summary: "The live sessions of one user, or of everybody, oldest first",
    params: z
      .strictObject({
        user: userOrSelf,
        allUsers: z.boolean().optional().describe("True: everybody's; not together with `user`"),
        text: z
          .string()
          .max(200)
          .optional()
          .describe("Only those with this in the client, the address or the user name, whatever the case"),
        ...page,
      })
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
    params: z.strictObject({ id: Id.describe("The session's id") }),
    result: Revoked,
    access: { ...sessionAccess, target: "session" },
    refusals: ["outranked", "storeUnavailable"],
  }),
  "sessions.revokeAll": method({
    summary: "End all sessions of a user now; of one's own, all but the one that asks",
    params: z.strictObject({ user: userOrSelf }),
    result: Revoked,
    access: { ...sessionAccess, target: "user" },
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
};

export type Session = z.output<typeof Session>;
