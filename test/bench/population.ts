import type { SettingsRecord, UserRecord } from "../../daemon/store/records.ts";
import { builtInRoles, type User, type UserDetail } from "../../protocol/index.ts";

const FIRST_BORN = Date.parse("2026-01-05T08:00:00.000Z");
/** A prime, so that the order of birth is not the order of names. */
const STRIDE = 7919;
const DAY_SECONDS = 86_400;
const ROLE = "designer";
const permissions = builtInRoles.find((role) => role.name === ROLE)?.permissions ?? [];

/** The `index`-th user's id: shaped like a UUIDv7, the same in every run. */
export function userId(index: number): string {
  return `019b8c5e-7000-7000-8000-${index.toString(16).padStart(12, "0")}`;
}

export function username(index: number): string {
  return `user.${index.toString().padStart(6, "0")}`;
}

/** The `index`-th user of a population, as it is stored. */
export function userRecord(index: number): UserRecord {
  const born = new Date(FIRST_BORN + ((index * STRIDE) % DAY_SECONDS) * 1000).toISOString();
  return {
    id: userId(index),
    username: username(index),
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
    createdAt: born,
    updatedAt: born,
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

/** The same user as lists show it. */
export function listedUser(index: number): User {
  const { passwordHash, ...user } = userRecord(index);
  return {
    ...user,
    roles: [...user.roles],
    hasPassword: passwordHash !== null,
    lockedUntil: null,
    activeKeys: 0,
  };
}

/** An answer to `users.get` of about 670 bytes. */
export function wireUser(index: number): UserDetail {
  return {
    ...listedUser(index),
    settings: { ...settingsRecord(index).settings } as UserDetail["settings"],
    permissions: [...permissions],
    status: null,
  };
}
