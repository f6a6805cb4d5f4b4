import { z } from "zod";
import { method } from "./method.ts";
import { FreeText, Id, listOf, page, Timestamp, TimestampInput, UserRef } from "./scalars.ts";

/** One line of the presence board. Whoever has said nothing yet has the first of the statuses and no message. */
export const PresenceEntry = z
  .strictObject({
    userId: Id,
    username: z.string(),
    fullName: z.string(),
    status: z.string(),
    message: z.string(),
    returnAt: Timestamp.nullable(),
    updatedAt: Timestamp,
  })
  .meta({ id: "PresenceEntry", title: "PresenceEntry" });

const writing = {
  who: "permission",
  permission: "presence.manage",
  target: "user",
  ownIsFree: true,
} as const;

export const presenceMethods = {
  "presence.list": method({
    summary: "The board: active users that are listed on it, by username",
    params: z.strictObject({ ...page }),
    result: listOf(PresenceEntry),
    access: { who: "permission", permission: "presence.read", target: "none" },
  }),
  "presence.set": method({
    summary: "Say where one is and when one is back",
    params: z.strictObject({
      user: UserRef.optional(),
      /** One of `presence.statuses`. */
      status: z.string().max(200),
      message: FreeText.default(""),
      returnAt: TimestampInput.nullable().default(null),
    }),
    result: PresenceEntry,
    access: writing,
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "presence.clear": method({
    summary: "Be available again, without a message",
    params: z.strictObject({ user: UserRef.optional() }),
    result: PresenceEntry,
    access: writing,
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "presence.statuses": method({
    summary: "The statuses that can be set; the first one is a cleared entry's",
    params: z.strictObject({}),
    result: z.strictObject({ statuses: z.array(z.string()) }),
    access: { who: "permission", permission: "presence.read", target: "none" },
  }),
};

export type PresenceEntry = z.output<typeof PresenceEntry>;
