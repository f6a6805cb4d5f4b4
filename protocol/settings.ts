import { z } from "zod";
import { method } from "./method.ts";
import { Json, JsonObject, UserRef } from "./scalars.ts";
import { UserDetail } from "./users.ts";

const Namespace = z.string().min(1).max(64);
const SettingsAnswer = z.strictObject({ settings: Json, revision: z.int() });

export const settingsMethods = {
  "settings.get": method({
    summary: "A user's settings, or one application's part of them (null where there is none)",
    params: z.strictObject({ user: UserRef.optional(), namespace: Namespace.optional() }),
    result: SettingsAnswer,
    access: { who: "permission", permission: "settings.read", target: "user", ownIsFree: true },
    refusals: ["invalidState"],
  }),
  "settings.save": method({
    summary: "Merge into a user's settings (RFC 7396: deep, null deletes), or replace them",
    params: z.strictObject({
      user: UserRef.optional(),
      settings: JsonObject,
      replace: z.boolean().optional(),
      ifRevision: z.int().optional(),
    }),
    result: SettingsAnswer,
    access: { who: "permission", permission: "settings.manage", target: "user", ownIsFree: true },
    refusals: ["outranked", "revisionMismatch", "invalidState", "storeUnavailable"],
  }),
  "settings.reset": method({
    summary: "Put a user's settings, or one application's part, back to the defaults",
    params: z.strictObject({ user: UserRef.optional(), namespace: Namespace.optional() }),
    result: UserDetail,
    access: { who: "permission", permission: "settings.manage", target: "user", ownIsFree: true },
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
};
