import { z } from "zod";
import { ApiKey } from "./keys.ts";
import { method } from "./method.ts";
import { Password } from "./scalars.ts";
import { User } from "./users.ts";

const EndUserAddress = z
  .string()
  .max(128)
  .transform((text) => text.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, ""))
  .pipe(z.union([z.ipv4(), z.ipv6()], { error: "must be an IPv4 or IPv6 address" }))
  .meta({
    id: "EndUserAddress",
    title: "EndUserAddress",
    description:
      "Where the service's end user is, as its socket tells: IPv4 or IPv6; a zone and the form `::ffff:192.0.2.1` go",
  });

const access = { who: "permission", permission: "auth.verify", target: "none" } as const;

/** What a service asks that leaves its login form or its key check to Roster. Guesses that fail get 429, as logins do. */
export const verifyMethods = {
  "auth.verifyPassword": method({
    summary: "Whether this username and password may log in to another service, and who it is",
    params: z.strictObject({
      username: z.string().min(1).max(256).describe("As the end user typed it"),
      password: Password.describe("As the end user typed it"),
      address: EndUserAddress.optional().describe("The end user's: wrong passwords are counted for it"),
    }),
    result: z.strictObject({
      valid: z.boolean().describe("Whether to let the end user in"),
      reason: z
        .enum(["invalidCredentials", "disabled", "expired", "passwordChangeRequired"])
        .optional()
        .describe("Why not; more than `invalidCredentials` is told only where the password was right"),
      user: User.optional().describe("Who it is, where it is valid"),
      permissions: z.array(z.string()).optional().describe("What the user's roles permit, where it is valid"),
    }),
    access,
    duringForcedChange: true,
    refusals: ["rateLimited", "busy", "storeUnavailable"],
  }),
  "auth.verifyKey": method({
    summary: "Whether this API key may be used at another service, whose it is and what it may do",
    params: z.strictObject({
      key: z.string().min(1).max(512).describe("The secret as it was presented"),
      address: EndUserAddress.optional().describe("The end user's: the use is counted with it"),
    }),
    result: z.strictObject({
      valid: z.boolean().describe("Whether to serve the one who presented it"),
      reason: z
        .enum(["invalidCredentials", "disabled", "expired"])
        .optional()
        .describe("Why not: no such key, the owner is disabled, or owner or key have come to their end"),
      user: User.optional().describe("The key's owner, where it is valid"),
      key: ApiKey.optional().describe("The key itself, where it is valid"),
      permissions: z
        .array(z.string())
        .optional()
        .describe("The key's, as far as its owner holds them now, where it is valid"),
    }),
    access,
    duringForcedChange: true,
    refusals: ["rateLimited"],
  }),
};
