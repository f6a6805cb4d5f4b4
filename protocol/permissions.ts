import { z } from "zod";

/** Roster's own permissions, each with what it lets its holder do. */
export const permissionDescriptions = {
  "users.read": "See users and roles",
  "users.create": "Create users",
  "users.update": "Change, enable and disable users",
  "users.delete": "Delete, restore and purge users",
  "users.password": "Reset passwords and unlock users",
  "roles.manage": "Create, change and delete roles",
  "keys.manage": "See and manage everybody's API keys",
  "sessions.manage": "See and end everybody's sessions",
  "settings.read": "Read everybody's settings",
  "settings.manage": "Change everybody's settings",
  "presence.read": "See the presence board",
  "presence.manage": "Set everybody's presence",
  "audit.read": "Read the audit log",
  "auth.verify": "Verify other users' passwords and keys",
  "system.manage": "Back up and verify the directory",
} as const;

export type OwnPermission = keyof typeof permissionDescriptions;

export const ownPermissions = Object.keys(permissionDescriptions) as OwnPermission[];

const APPLICATION = /^[a-z0-9][a-z0-9._-]{0,63}:[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/;

export const Permission = z
  .string()
  .max(200)
  .refine(
    (name) => Object.hasOwn(permissionDescriptions, name) || APPLICATION.test(name),
    "must be one of Roster's permissions (roles.permissions lists them) or an application's, as app:name",
  )
  .meta({
    id: "Permission",
    title: "Permission",
    description:
      "One of Roster's permissions, or an application's own as `app:name`, which means nothing to Roster",
  });

/** A set of permissions: no repeats, in a fixed order. */
export const Permissions = z
  .array(Permission)
  .max(1000)
  .transform((names) => [...new Set(names)].sort());

interface BuiltInRole {
  name: string;
  description: string;
  permissions: readonly OwnPermission[];
}

/** `admin` cannot be changed or deleted; the others are defaults that an administrator may edit. */
export const builtInRoles: readonly BuiltInRole[] = [
  { name: "admin", description: "Everything", permissions: ownPermissions },
  {
    name: "operator",
    description: "Looks after users, keys and settings",
    permissions: [
      "users.read",
      "users.create",
      "users.update",
      "users.password",
      "keys.manage",
      "sessions.manage",
      "settings.read",
      "settings.manage",
      "presence.read",
      "presence.manage",
    ],
  },
  {
    name: "designer",
    description: "Sees the team",
    permissions: ["users.read", "presence.read"],
  },
  {
    name: "viewer",
    description: "Sees the team",
    permissions: ["users.read", "presence.read"],
  },
];
