import type { SettingsRecord, UserRecord } from "../../daemon/store/records.ts";
import { builtInRoles, type UserDetail } from "../../protocol/index.ts";

const BORN = "2026-01-05T08:00:00.000Z";
const ROLE = "designer";
const permissions = builtInRoles.find((role) => role.name === ROLE)?.permissions ?? [];

/** The `index`-th user's id: shaped like a UUIDv7, the same in every run. */
export function userId(index: number): string {
  return `019b8c5e-7000-7000-8000-${index.toString(16).padStart(12, "0")}`;
}

/** The `index`-th user of a population, as it is stored. */
export function userRecord(index: number): UserRecord {
  return {
    id: userId(index),
    username: `user.${index.toString().padStart(6, "0")}`,
    fullName: `Person ${index.toString().padStart(6, "0")} of the Example`,
    type: "normal",
    roles: [ROLE],
    active: true,
    mustChangePassword: false,
    passwordHash: null,
    passwordChangedAt: null,
    validUntil: null,
    theme: "default",
    presence: true,
    lastLoginAt: null,
    createdAt: BORN,
    updatedAt: BORN,
    deletedAt: null,
    revision: 1,
  };
}

export function settingsRecord(index: number): SettingsRecord {
  return {
    id: userId(index),
    settings: {
      studio: { layout: "wide", panels: ["queue", "preview", "log"], confirm: true },
      browse: { sort: "name", order: "asc", columns: ["name", "size"] },
    },
    revision: 1,
  };
}

/** The same user as the wire shows it: an answer to `users.get` of about 670 bytes. */
export function wireUser(index: number): UserDetail {
  const { passwordHash, ...user } = userRecord(index);
  return {
    ...user,
    roles: [...user.roles],
    hasPassword: passwordHash !== null,
    lockedUntil: null,
    activeKeys: 0,
    settings: { ...settingsRecord(index).settings } as UserDetail["settings"],
    permissions: [...permissions],
    status: null,
  };
}
