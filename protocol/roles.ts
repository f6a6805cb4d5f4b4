import { z } from "zod";
import { method } from "./method.ts";
import { listOf, page } from "./scalars.ts";

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
};

export type Role = z.output<typeof Role>;
