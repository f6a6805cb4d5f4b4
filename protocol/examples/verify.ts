import type { verifyMethods } from "../verify.ts";
import { bertPassword, keySecret, now } from "./directory.ts";
import type { ExamplesOf } from "./example.ts";
import { printFarm } from "./keys.ts";
import { bert, designerPermissions, octoprint } from "./people.ts";

const used = { ...printFarm, useCount: 1, lastUsedAt: now, lastUsedFrom: "127.0.0.1" };

export const verifyExamples: ExamplesOf<keyof typeof verifyMethods> = {
  "auth.verifyPassword": [
    {
      name: "A login at another service",
      params: { username: "bert", password: bertPassword, address: "192.0.2.10" },
      result: { valid: true, user: { ...bert, lastLoginAt: now }, permissions: designerPermissions },
    },
    {
      name: "With a wrong password",
      params: { username: "bert", password: "a loud motorcycle in the sun", address: "192.0.2.10" },
      result: { valid: false, reason: "invalidCredentials" },
    },
  ],
  "auth.verifyKey": [
    {
      name: "A key shown to another service",
      params: { key: keySecret },
      result: { valid: true, user: octoprint, key: used, permissions: ["users.read"] },
    },
  ],
};
