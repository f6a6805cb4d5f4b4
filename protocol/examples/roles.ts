import { ownPermissions, permissionDescriptions } from "../permissions.ts";
import type { roleMethods } from "../roles.ts";
import type { ExamplesOf } from "./example.ts";
import { designerPermissions } from "./people.ts";
import { allPermissions } from "./principals.ts";

export const roleExamples: ExamplesOf<keyof typeof roleMethods> = {
  "roles.list": [
    {
      name: "The first two",
      params: { limit: 2 },
      result: {
        items: [
          {
            name: "admin",
            description: "Everything",
            permissions: allPermissions,
            builtIn: true,
            assigned: 1,
            revision: 1,
          },
          {
            name: "designer",
            description: "Sees the team",
            permissions: designerPermissions,
            builtIn: true,
            assigned: 1,
            revision: 1,
          },
        ],
        total: 4,
        offset: 0,
        limit: 2,
      },
    },
  ],
  "roles.permissions": [
    {
      name: "Without applications",
      params: {},
      result: {
        permissions: ownPermissions.map((name) => ({ name, description: permissionDescriptions[name] })),
      },
    },
  ],
  "roles.create": [
    {
      name: "With a permission of an application's own",
      params: { name: "printing", description: "May print", permissions: ["octoprint:print"] },
      result: {
        name: "printing",
        description: "May print",
        permissions: ["octoprint:print"],
        builtIn: false,
        assigned: 0,
        revision: 1,
      },
    },
  ],
  "roles.update": [
    {
      name: "Another description",
      params: { name: "viewer", changes: { description: "Looks on" } },
      result: {
        name: "viewer",
        description: "Looks on",
        permissions: designerPermissions,
        builtIn: true,
        assigned: 2,
        revision: 2,
      },
    },
  ],
  "roles.delete": [
    {
      name: "One that nobody has",
      params: { name: "operator" },
      result: {
        name: "operator",
        description: "Looks after users, keys and settings",
        permissions: [
          "keys.manage",
          "presence.manage",
          "presence.read",
          "sessions.manage",
          "settings.manage",
          "settings.read",
          "users.create",
          "users.password",
          "users.read",
          "users.update",
        ],
        builtIn: true,
        assigned: 0,
        revision: 1,
      },
    },
  ],
};
