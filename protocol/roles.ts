import { z } from "zod";
import { method } from "./method.ts";
import { Permissions } from "./permissions.ts";
import { FreeText, listOf, page, RoleName } from "./scalars.ts";

export const Role = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    permissions: z.array(z.string()),
    builtIn: z.boolean(),
    /** Users who have it, deleted ones included. */
    assigned: z.int(),
    revision: z.int(),
  })
  .meta({ id: "Role", title: "Role" });

/** What `roles.update` may carry; an absent field stays as it is. */
export const RoleChanges = z
  .strictObject({ name: RoleName, description: FreeText, permissions: Permissions })
  .partial()
  .meta({ id: "RoleChanges", title: "RoleChanges" });

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
      permissions: z.array(z.strictObject({ name: z.string(), description: z.string() })),
    }),
    access: { who: "permission", permission: "users.read", target: "none" },
  }),
  "roles.create": method({
    summary: "Create a role of permissions that the caller may grant",
    params: z.strictObject({
      name: RoleName,
      description: FreeText.default(""),
      permissions: Permissions,
    }),
    result: Role,
    access: manage,
    sudo: true,
    refusals: ["outranked", "alreadyExists", "invalidState", "storeUnavailable"],
  }),
  "roles.update": method({
    summary: "Change a role for all who have it; absent fields stay",
    params: z.strictObject({ name: RoleName, changes: RoleChanges, ifRevision: z.int().optional() }),
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
    params: z.strictObject({ name: RoleName }),
    result: Role,
    access: manage,
    sudo: true,
    refusals: ["notFound", "outranked", "inUse", "invalidState", "storeUnavailable"],
  }),
};

export type Role = z.output<typeof Role>;
export type RoleChanges = z.output<typeof RoleChanges>;
