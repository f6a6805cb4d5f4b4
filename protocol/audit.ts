import { z } from "zod";
import { Entry } from "./events.ts";
import { method } from "./method.ts";
import { limit, TimestampInput, UserRef } from "./scalars.ts";

export const auditMethods = {
  /** Times are the entries' own: gathered attempts are dated by their first. */
  "audit.query": method({
    summary: "What happened, newest first; a page may be short and still have `next`",
    params: z.strictObject({
      actor: UserRef.optional().describe(
        "Who did it: the id or name of a user (whose keys count too) or a key",
      ),
      subject: UserRef.optional().describe(
        "What it was done to: the id or name of a user (whose keys count too), a key or a role",
      ),
      text: z
        .string()
        .max(200)
        .optional()
        .describe(
          "Only those with this in the name of who did it, of what it was done to or of whose key that is, whatever the case",
        ),
      type: z
        .string()
        .max(64)
        .optional()
        .describe("An entry type, or a noun with a dot and a star, such as `key.*`"),
      outcome: z.enum(["ok", "denied", "failed"]).optional().describe("Only what ended so"),
      from: TimestampInput.optional().describe("Only what happened at this instant or later"),
      to: TimestampInput.optional().describe("Only what happened earlier than this"),
      before: z
        .int()
        .min(1)
        .optional()
        .describe("Only entries before this position: the `next` of the page before"),
      after: z
        .int()
        .min(0)
        .optional()
        .describe("Only entries after this position; what is older is not looked through"),
      limit,
    }),
    result: z.strictObject({
      items: z.array(Entry).describe("Newest first; may be fewer than `limit` though more follow"),
      next: z.int().nullable().describe("For `before` of the next page; null on the last"),
    }),
    access: { who: "permission", permission: "audit.read", target: "none" },
  }),
  "audit.tip": method({
    summary: "The newest entry's position and the chain's hash there, to be kept elsewhere",
    params: z.strictObject({}),
    result: z.strictObject({
      seq: z.int().describe("The newest entry's position"),
      hash: z.string().describe("The chain's hash at that entry: SHA-256 in hexadecimal"),
      epoch: z.string().describe("Which directory's positions these are; a restore begins a new one"),
    }),
    access: { who: "permission", permission: "audit.read", target: "none" },
  }),
};
