import type { userMethods } from "../users.ts";
import { generatedPassword, now } from "./directory.ts";
import type { ExamplesOf } from "./example.ts";
import { bert, bertInDetail, designerPermissions, dora, octoprint } from "./people.ts";

export const userExamples: ExamplesOf<keyof typeof userMethods> = {
  "users.list": [
    {
      name: "The designers",
      params: { filter: { roles: ["designer"] }, sort: { by: "fullName" }, limit: 10 },
      result: { items: [bert], total: 1, offset: 0, limit: 10 },
    },
  ],
  "users.get": [
    {
      name: "By username",
      params: { user: "bert" },
      result: bertInDetail,
    },
    {
      name: "A key reads its owner",
      by: "octoprint's key",
      params: {},
      result: {
        ...octoprint,
        settings: null,
        permissions: designerPermissions,
        status: null,
      },
    },
  ],
  "users.create": [
    {
      name: "With a generated password",
      params: { username: "dora", fullName: "Dora Diaz", roles: ["designer"], generatePassword: true },
      result: { user: dora, generatedPassword },
    },
    {
      name: "A service account, for keys only",
      params: { username: "dora", fullName: "Dora Diaz", type: "service", roles: ["viewer"] },
      result: {
        user: {
          ...dora,
          type: "service",
          roles: ["viewer"],
          mustChangePassword: false,
          hasPassword: false,
          passwordChangedAt: null,
        },
      },
    },
  ],
  "users.update": [
    {
      name: "Another role, if nobody changed the user meanwhile",
      params: { user: "bert", changes: { roles: ["designer", "operator"] }, ifRevision: 1 },
      result: { ...bert, roles: ["designer", "operator"], revision: 2 },
    },
    {
      name: "One's own theme",
      by: "bert",
      params: { changes: { theme: "light" } },
      result: { ...bert, theme: "light", lastLoginAt: now, revision: 2 },
    },
  ],
  "users.enable": [{ name: "One who is enabled already", params: { user: "bert" }, result: bert }],
  "users.disable": [
    { name: "At once", params: { user: "bert" }, result: { ...bert, active: false, revision: 2 } },
  ],
  "users.delete": [
    { name: "By username", params: { user: "bert" }, result: { ...bert, deletedAt: now, revision: 2 } },
  ],
};
