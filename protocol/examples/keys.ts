import type { ApiKey, keyMethods } from "../keys.ts";
import { keyId, newId, newSecret, now, octoprintId } from "./directory.ts";
import type { ExamplesOf } from "./example.ts";

/** The key of `octoprint`, not used yet. */
export const printFarm: ApiKey = {
  id: keyId,
  userId: octoprintId,
  username: "octoprint",
  name: "print farm",
  hint: "rk_Exam",
  permissions: ["users.read"],
  status: "active",
  createdAt: now,
  expiresAt: null,
  lastUsedAt: null,
  lastUsedFrom: null,
  useCount: 0,
  openConnections: 0,
  rotatedFrom: null,
  rotatedTo: null,
  graceUntil: null,
  revokedAt: null,
  revokedReason: null,
};
const made: ApiKey = { ...printFarm, id: newId, hint: "rk_NewE" };
const rotated: ApiKey = { ...made, rotatedFrom: keyId };
const retiring: ApiKey = { ...printFarm, status: "retiring", rotatedTo: newId };

export const keyExamples: ExamplesOf<keyof typeof keyMethods> = {
  "keys.list": [
    {
      name: "The active keys of one user",
      params: { user: "octoprint", status: "active" },
      result: { items: [printFarm], total: 1, offset: 0, limit: 50 },
    },
  ],
  "keys.get": [{ name: "By id", params: { id: keyId }, result: printFarm }],
  "keys.create": [
    {
      name: "For a year",
      params: {
        user: "octoprint",
        name: "camera",
        permissions: ["users.read"],
        expiresAt: "2027-03-01T12:00:00.000Z",
      },
      result: {
        key: { ...made, name: "camera", expiresAt: "2027-03-01T12:00:00.000Z" },
        secret: newSecret,
      },
    },
  ],
  "keys.rotate": [
    {
      name: "With an overlap of an hour",
      params: { id: keyId, graceSeconds: 3600 },
      result: {
        key: rotated,
        secret: newSecret,
        previous: { ...retiring, graceUntil: "2026-03-01T13:00:00.000Z" },
      },
    },
    {
      name: "A key rotates itself",
      by: "octoprint's key",
      params: { id: keyId },
      result: {
        key: rotated,
        secret: newSecret,
        previous: {
          ...retiring,
          graceUntil: "2026-03-02T12:00:00.000Z",
          lastUsedAt: now,
          lastUsedFrom: "127.0.0.1",
          useCount: 2,
          openConnections: 1,
        },
      },
    },
  ],
  "keys.update": [
    {
      name: "Another name",
      params: { id: keyId, changes: { name: "hall 2" } },
      result: { ...printFarm, name: "hall 2" },
    },
  ],
  "keys.revoke": [
    {
      name: "With a reason",
      params: { id: keyId, reason: "lost" },
      result: { ...printFarm, status: "revoked", revokedAt: now, revokedReason: "lost" },
    },
  ],
  "keys.revokeAll": [{ name: "Of one user", params: { user: "octoprint" }, result: { revoked: 1 } }],
};
