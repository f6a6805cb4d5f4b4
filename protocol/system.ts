import { z } from "zod";
import { method } from "./method.ts";
import { Timestamp } from "./scalars.ts";

export const systemMethods = {
  "system.ping": method({
    summary: "The daemon's clock",
    params: z.strictObject({}),
    result: z.strictObject({ at: Timestamp }),
    access: { who: "anyone" },
    duringForcedChange: true,
  }),
  "system.info": method({
    summary: "The daemon's version, store and limits",
    params: z.strictObject({}),
    result: z.strictObject({
      name: z.literal("rosterd"),
      version: z.string(),
      /** The contract's version: it only grows. */
      protocol: z.literal("1"),
      /** Changes when the directory was restored from a backup: positions of another epoch mean nothing. */
      epoch: z.string(),
      startedAt: Timestamp,
      store: z.strictObject({ kind: z.string(), healthy: z.boolean(), users: z.int(), seq: z.int() }),
      limits: z.record(z.string(), z.number()),
    }),
    access: { who: "kinds", kinds: ["session", "key", "local"] },
  }),
};
