import { z } from "zod";
import { method } from "./method.ts";
import { Password, UserRef } from "./scalars.ts";

export const passwordMethods = {
  "users.changePassword": method({
    summary: "Change one's own password; ends one's other sessions",
    params: z.strictObject({
      currentPassword: Password.optional().describe("Needed when there is one"),
      newPassword: Password.describe("The one to log in with from now on"),
    }),
    result: z.strictObject({}),
    access: { who: "kinds", kinds: ["session"] },
    duringForcedChange: true,
    refusals: [
      "invalidCredentials",
      "passwordRejected",
      "invalidState",
      "rateLimited",
      "busy",
      "storeUnavailable",
    ],
  }),
  "users.resetPassword": method({
    summary: "Set or generate somebody's password; ends all of their sessions, keys survive",
    params: z
      .strictObject({
        user: UserRef.describe("Whose, by id or username"),
        password: Password.optional().describe("The new one; either this or `generate`"),
        generate: z.boolean().optional().describe("True: the daemon makes one and answers it once"),
        mustChangePassword: z
          .boolean()
          .default(true)
          .describe("Whether it must be changed at the next login"),
      })
      .refine(({ password, generate }) => (password === undefined) === (generate === true), {
        path: ["password"],
        message: "give either a password or generate: true",
      }),
    result: z.strictObject({
      generatedPassword: z
        .string()
        .optional()
        .describe("Where one was asked for; shown here and nowhere else"),
    }),
    access: { who: "permission", permission: "users.password", target: "user" },
    sudo: true,
    refusals: ["outranked", "passwordRejected", "invalidState", "busy", "storeUnavailable"],
  }),
};
