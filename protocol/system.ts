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
  "system.backup": method({
    summary: "Write everything, hashes of secrets included, into one tar file on the daemon's machine",
    params: z.strictObject({}),
    result: z.strictObject({
      file: z.string().describe("A new file in `backups` in the data directory; the daemon never removes it"),
      bytes: z.int().describe("Its size"),
      sha256: z.string().describe("The SHA-256 of the whole file, hex"),
      seq: z
        .int()
        .describe(
          "The last position in it: it holds all that was acknowledged before the call, and maybe more",
        ),
      hash: z
        .string()
        .describe("The chain's hash at that position, hex; the two are a tip to be kept elsewhere"),
    }),
    access: { who: "permission", permission: "system.manage", target: "none" },
    sudo: true,
    refusals: ["storeUnavailable"],
  }),
  "system.verify": method({
    summary: "Look for damage and for changes made from outside in all that is stored",
    params: z.strictObject({}),
    result: z.strictObject({
      ok: z.boolean().describe("Whether there are no problems"),
      problems: z
        .array(
          z.strictObject({
            file: z
              .string()
              .nullable()
              .describe("A path on the daemon's machine; null when it is not about one file"),
            line: z.int().nullable().describe("From 1; null when it is not about one line"),
            problem: z.string().describe("What is wrong, in words that follow the place"),
          }),
        )
        .describe("100 at most, and then one that says how many more there are"),
    }),
    access: { who: "permission", permission: "system.manage", target: "none" },
    refusals: ["storeUnavailable"],
  }),
};
