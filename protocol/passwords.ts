import { z } from "zod";
import { method } from "./method.ts";
import { Password, UserRef } from "./scalars.ts";

export const passwordMethods = {
  "users.changePassword": method({
    summary: "Change one's own password; ends one's other sessions",
    params: z.strictObject({
      /** Needed when there is one. */
      currentPassword: Password.optional(),
      newPassword: Password,
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
        user: UserRef,
        password: Password.optional(),
        generate: z.boolean().optional(),
        mustChangePassword: z.boolean().default(true),
      })
      .refine(({ password, generate }) => (password === undefined) === (generate === true), {
        path: ["password"],
        message: "give either a password or generate: true",
      }),
    result: z.strictObject({ generatedPassword: z.string().optional() }),
    access: { who: "permission", permission: "users.password", target: "user" },
    sudo: true,
    refusals: ["outranked", "passwordRejected", "invalidState", "busy", "storeUnavailable"],
  }),
};
