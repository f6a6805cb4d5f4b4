import { z } from "zod";
import { method } from "./method.ts";
import { Permissions } from "./permissions.ts";
import { FreeText, ifRevision, listOf, page, RoleName } from "./scalars.ts";

export const Role = z
  .strictObject({
    name: z.string().describe("What users and `roles.*` refer to it by; unique"),
    description: z.string().describe("What it is for; may be empty"),
    permissions: z
      .array(z.string())
      .describe("What it lets its users do: Roster's, and applications' as `app:name`"),
    builtIn: z.boolean().describe("Whether it came with Roster; `admin` can be neither changed nor deleted"),
    assigned: z.int().describe("How many users have it, deleted ones included"),
    revision: z.int().describe("Counts its changes"),
  })
  .meta({ id: "Role", title: "Role", description: "A named set of permissions, given to users" });

export const RoleChanges = z
  .strictObject({
    name: RoleName.describe("The new name; users keep the role under it"),
    description: FreeText.describe("What it is for"),
    permissions: Permissions.describe("The role has these then, and no others"),
  })
  .partial()
  .meta({
    id: "RoleChanges",
    title: "RoleChanges",
    description: "What `roles.update` may carry; an absent field stays as it is",
  });

const manage = { who: "permission", permission: "roles.manage", target: "none" } as const;

export const roleMethods = {
  "roles.list": method({
    summary: "The roles with what they permit and how many users have them",
    params: z.strictObject({ ...page }),
    result: listOf(Role),
    access: { who: "permission", permission: "users.read", target: "none" },
  }),
  "roles.permissions": method({
    summary: "Roster's permissions, and the applications' that roles use",
    params: z.strictObject({}),
    result: z.strictObject({
      permissions: z
        .array(
          z.strictObject({
            name: z.string().describe("As roles and keys list it"),
            description: z
              .string()
              .describe("What it lets its holder do; of an application's, only that it is one"),
          }),
        )
        .describe("Roster's own first"),
    }),
    access: { who: "permission", permission: "users.read", target: "none" },
  }),
  "roles.create": method({
    summary: "Create a role of permissions that the caller may grant",
    params: z.strictObject({
      name: RoleName.describe("Unique"),
      description: FreeText.default("").describe("What it is for"),
      permissions: Permissions.describe(
        "What it lets its users do: Roster's, and applications' as `app:name`",
      ),
    }),
    result: Role,
    access: manage,
    sudo: true,
    refusals: ["outranked", "alreadyExists", "invalidState", "storeUnavailable"],
  }),
  "roles.update": method({
    summary: "Change a role for all who have it; absent fields stay",
    params: z.strictObject({
      name: RoleName.describe("The role's name now"),
      changes: RoleChanges.describe("What changes; what is absent stays"),
      ifRevision,
    }),
    result: Role,
    access: manage,
    sudo: true,
    refusals: [
      "notFound",
      "outranked",
      "alreadyExists",
      "lastAdministrator",
      "revisionMismatch",
      "invalidState",
      "storeUnavailable",
    ],
  }),
  "roles.delete": method({
    summary: "Delete a role that nobody has",
    params: z.strictObject({ name: RoleName.describe("The role's name") }),
    result: Role,
    access: manage,
    sudo: true,
    refusals: ["notFound", "outranked", "inUse", "invalidState", "storeUnavailable"],
  }),
};

export type Role = z.output<typeof Role>;
export type RoleChanges = z.output<typeof RoleChanges>;
