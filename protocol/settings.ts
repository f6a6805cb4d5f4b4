import { z } from "zod";
import { method } from "./method.ts";
import { ifRevision, Json, JsonObject, userOrSelf } from "./scalars.ts";
import { UserDetail } from "./users.ts";

const namespace = z.string().min(1).max(64).optional().describe("An application's part; absent: the whole");
const SettingsAnswer = z.strictObject({
  // Lazily: described directly, it would stand in the document once more under a made-up name.
  settings: z
    .lazy(() => Json)
    .describe("The settings, or the part that was asked for; null where there is none"),
  revision: z.int().describe("The user's `revision` now, for `ifRevision`"),
});

export const settingsMethods = {
  "settings.get": method({
    summary: "A user's settings, or one application's part of them (null where there is none)",
    params: z.strictObject({ user: userOrSelf, namespace }),
    result: SettingsAnswer,
    access: { who: "permission", permission: "settings.read", target: "user", ownIsFree: true },
    refusals: ["invalidState"],
  }),
  "settings.save": method({
    summary: "Merge into a user's settings (RFC 7396: deep, null deletes), or replace them",
    params: z.strictObject({
      user: userOrSelf,
      settings: JsonObject.describe("By application; at most 64 KiB in all once merged"),
      replace: z.boolean().optional().describe("True: these settings and no others, instead of merging"),
      ifRevision,
    }),
    result: SettingsAnswer,
    access: { who: "permission", permission: "settings.manage", target: "user", ownIsFree: true },
    refusals: ["outranked", "revisionMismatch", "invalidState", "storeUnavailable"],
  }),
  "settings.reset": method({
    summary: "Put a user's settings, or one application's part, back to the defaults",
    params: z.strictObject({ user: userOrSelf, namespace }),
    result: UserDetail,
    access: { who: "permission", permission: "settings.manage", target: "user", ownIsFree: true },
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
};
