import type { authMethods } from "../auth.ts";
import { adaPassword, adaToken, keySecret, newToken } from "./directory.ts";
import type { ExamplesOf } from "./example.ts";
import { ada, octoprintKey, stranger } from "./principals.ts";

const expiresAt = "2026-03-31T12:00:00.000Z";

export const authExamples: ExamplesOf<keyof typeof authMethods> = {
  "auth.login": [
    {
      name: "With a password",
      by: "a stranger",
      params: { username: "ada", password: adaPassword },
      result: { token: newToken, expiresAt, principal: ada },
    },
  ],
  "auth.loginWithKey": [
    {
      name: "With a key",
      by: "a stranger",
      params: { key: keySecret },
      result: { principal: octoprintKey },
    },
  ],
  "auth.resume": [
    {
      name: "On a new connection",
      by: "a stranger",
      params: { token: adaToken },
      result: { expiresAt, principal: ada },
    },
  ],
  "auth.logout": [{ name: "Sign out", params: {}, result: {} }],
  "auth.whoami": [
    { name: "A key", by: "octoprint's key", params: {}, result: octoprintKey },
    { name: "Before any login", by: "a stranger", params: {}, result: stranger },
  ],
  "auth.reauthenticate": [{ name: "Prove it again", params: { password: adaPassword }, result: ada }],
};
