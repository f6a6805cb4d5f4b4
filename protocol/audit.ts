import { z } from "zod";
import { Entry } from "./events.ts";
import { method } from "./method.ts";
import { TimestampInput, UserRef } from "./scalars.ts";

export const auditMethods = {
  /** Times are the entries' own: gathered attempts are dated by their first. */
  "audit.query": method({
    summary: "What happened, newest first; a page may be short and still have `next`",
    params: z.strictObject({
      /** Who did it: the id or name of a user (whose keys count too) or a key. */
      actor: UserRef.optional(),
      /** What it was done to: the id or name of a user (whose keys count too), a key or a role. */
      subject: UserRef.optional(),
      /** An entry type, or a noun with a dot and a star, such as `key.*`. */
      type: z.string().max(64).optional(),
      outcome: z.enum(["ok", "denied", "failed"]).optional(),
      /** The first instant, and the first instant after. */
      from: TimestampInput.optional(),
      to: TimestampInput.optional(),
      /** Only entries before this position: the `next` of the page before. */
      before: z.int().min(1).optional(),
      limit: z.int().min(1).max(500).default(50),
    }),
    result: z.strictObject({ items: z.array(Entry), next: z.int().nullable() }),
    access: { who: "permission", permission: "audit.read", target: "none" },
  }),
  "audit.tip": method({
    summary: "The newest entry's position and the chain's hash there, to be kept elsewhere",
    params: z.strictObject({}),
    result: z.strictObject({ seq: z.int(), hash: z.string(), epoch: z.string() }),
    access: { who: "permission", permission: "audit.read", target: "none" },
  }),
};
