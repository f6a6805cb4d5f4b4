import { z } from "zod";
import { method } from "./method.ts";
import { FreeText, Id, listOf, page, Timestamp, TimestampInput, userOrSelf } from "./scalars.ts";

export const PresenceEntry = z
  .strictObject({
    userId: Id.describe("Whose line it is"),
    username: z.string().describe("That user's username"),
    fullName: z.string().describe("That user's name for people; may be empty"),
    status: z.string().describe("One of `presence.statuses`"),
    message: z.string().describe("A few words about it; may be empty"),
    returnAt: Timestamp.nullable().describe("When the user will be back; null: not said"),
    updatedAt: Timestamp.describe("When the line was last set"),
  })
  .meta({
    id: "PresenceEntry",
    title: "PresenceEntry",
    description:
      "One line of the presence board. Whoever has said nothing yet has the first of the statuses and no message",
  });

const writing = {
  who: "permission",
  permission: "presence.manage",
  target: "user",
  ownIsFree: true,
} as const;

export const presenceMethods = {
  "presence.list": method({
    summary: "The board: active users that are listed on it, by username",
    params: z.strictObject({
      text: z.string().max(200).optional().describe("Part of username or full name, whatever the case"),
      status: z.string().max(200).optional().describe("Part of the status, whatever the case"),
      ...page,
      around: Id.optional().describe("A user's id: the window that holds it, whatever `offset` says"),
    }),
    result: listOf(PresenceEntry),
    access: { who: "permission", permission: "presence.read", target: "none" },
  }),
  "presence.set": method({
    summary: "Say where one is and when one is back",
    params: z.strictObject({
      user: userOrSelf,
      status: z.string().max(200).describe("One of `presence.statuses`"),
      message: FreeText.default("").describe("A few words about it"),
      returnAt: TimestampInput.nullable()
        .default(null)
        .describe("When the user will be back; null: not said"),
    }),
    result: PresenceEntry,
    access: writing,
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "presence.clear": method({
    summary: "Be available again, without a message",
    params: z.strictObject({ user: userOrSelf }),
    result: PresenceEntry,
    access: writing,
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "presence.statuses": method({
    summary: "The statuses that can be set; the first one is a cleared entry's",
    params: z.strictObject({}),
    result: z.strictObject({
      statuses: z.array(z.string()).describe("As they are configured, in that order"),
    }),
    access: { who: "permission", permission: "presence.read", target: "none" },
  }),
};

export type PresenceEntry = z.output<typeof PresenceEntry>;
