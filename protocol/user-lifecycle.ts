import { z } from "zod";
import { method } from "./method.ts";
import { UserRef } from "./scalars.ts";
import { User } from "./users.ts";

const one = z.strictObject({ user: UserRef.describe("Whom, by id or username") });

/** What becomes of a user after its deletion, and after too many wrong passwords. */
export const userLifecycleMethods = {
  "users.restore": method({
    summary: "Take a deleted user back, inactive, with roles and settings; its keys stay revoked",
    params: one,
    result: User,
    access: { who: "permission", permission: "users.delete", target: "user" },
    sudo: true,
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "users.purge": method({
    summary: "Remove a deleted user for good and free its name",
    params: one,
    result: z.strictObject({}),
    access: { who: "permission", permission: "users.delete", target: "user" },
    refusals: ["outranked", "ownAccount", "invalidState", "storeUnavailable"],
  }),
  "users.unlock": method({
    summary: "Clear the delay that wrong passwords have brought",
    params: one,
    result: User,
    access: { who: "permission", permission: "users.password", target: "user" },
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
};
