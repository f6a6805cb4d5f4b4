import { z } from "zod";
import { method } from "./method.ts";
import { Timestamp } from "./scalars.ts";

export const systemMethods = {
  "system.ping": method({
    summary: "The daemon's clock",
    params: z.strictObject({}),
    result: z.strictObject({ at: Timestamp.describe("The daemon's time now") }),
    access: { who: "anyone" },
    duringForcedChange: true,
  }),
  "system.info": method({
    summary: "The daemon's version, store and limits",
    params: z.strictObject({}),
    result: z.strictObject({
      name: z.literal("rosterd").describe("The program"),
      version: z.string().describe("The program's version"),
      protocol: z.literal("1").describe("The contract's version: it only grows"),
      epoch: z
        .string()
        .describe(
          "Changes when the directory was restored from a backup: positions of another epoch mean nothing",
        ),
      startedAt: Timestamp.describe("When this process began to serve"),
      store: z
        .strictObject({
          kind: z.string().describe("How the directory is kept: `json`"),
          healthy: z.boolean().describe("False: writes are refused with 503, reads go on"),
          users: z.int().describe("How many users there are, deleted ones included"),
          seq: z.int().describe("The newest entry's position in the journal"),
        })
        .describe("Where the directory is kept, and how it does"),
      limits: z
        .record(z.string(), z.number())
        .describe("Every limit by name; names say what is counted, in bytes, in milliseconds or in pieces"),
    }),
    access: { who: "kinds", kinds: ["session", "key", "local"] },
  }),
};
