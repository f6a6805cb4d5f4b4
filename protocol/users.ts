import { z } from "zod";
import { method } from "./method.ts";
import { PresenceEntry } from "./presence.ts";
import {
  FreeText,
  Id,
  JsonObject,
  listOf,
  Password,
  page,
  RoleName,
  Timestamp,
  TimestampInput,
  Username,
  UserRef,
} from "./scalars.ts";

export const userTypes = ["normal", "service"] as const;
export const themes = ["default", "light", "high-contrast", "halloween"] as const;

/** A user as everybody with `users.read` sees it: no hash, salt or secret in it, ever. */
export const User = z
  .strictObject({
    id: Id,
    username: z.string(),
    fullName: z.string(),
    type: z.enum(userTypes),
    roles: z.array(z.string()),
    active: z.boolean(),
    mustChangePassword: z.boolean(),
    hasPassword: z.boolean(),
    passwordChangedAt: Timestamp.nullable(),
    /** The account ends at this instant. */
    validUntil: Timestamp.nullable(),
    theme: z.enum(themes),
    /** Whether the user is listed on the presence board. */
    presence: z.boolean(),
    /** Logins are refused until then after wrong passwords. */
    lockedUntil: Timestamp.nullable(),
    lastLoginAt: Timestamp.nullable(),
    /** Keys that are active or retiring now. */
    activeKeys: z.int(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    deletedAt: Timestamp.nullable(),
    /** Counts changes of administrative fields: not logins, key uses or presence. */
    revision: z.int(),
  })
  .meta({ id: "User", title: "User" });

/** A user with what only itself and some others may see: `settings` and `status` are null for those who may not. */
export const UserDetail = User.extend({
  settings: JsonObject.nullable(),
  permissions: z.array(z.string()),
  /** The entry on the presence board; null too while the user is not on it. */
  status: PresenceEntry.nullable(),
}).meta({ id: "UserDetail", title: "UserDetail" });

export const UserFilter = z
  .strictObject({
    text: z.string().max(200),
    username: UserRef,
    roles: z.array(RoleName).max(100),
    active: z.boolean(),
    type: z.enum(userTypes),
    locked: z.boolean(),
    deleted: z.boolean(),
    mustChangePassword: z.boolean(),
    hasPassword: z.boolean(),
    createdAfter: TimestampInput,
    createdBefore: TimestampInput,
    lastLoginBefore: TimestampInput,
  })
  .partial()
  .meta({ id: "UserFilter", title: "UserFilter" });

export const userSortKeys = ["username", "fullName", "createdAt", "updatedAt", "lastLoginAt"] as const;

export const UserSort = z
  .strictObject({
    by: z.enum(userSortKeys).default("username"),
    order: z.enum(["asc", "desc"]).default("asc"),
  })
  .meta({ id: "UserSort", title: "UserSort" });

/** What `users.update` may carry; an absent field stays as it is. */
export const UserChanges = z
  .strictObject({
    username: Username,
    fullName: FreeText,
    roles: z.array(RoleName).max(100),
    active: z.boolean(),
    mustChangePassword: z.boolean(),
    theme: z.enum(themes),
    presence: z.boolean(),
    validUntil: TimestampInput.nullable(),
  })
  .partial()
  .meta({ id: "UserChanges", title: "UserChanges" });

export const userMethods = {
  "users.list": method({
    summary: "One window of the users, filtered and sorted, with the exact total",
    params: z.strictObject({
      filter: UserFilter.optional(),
      sort: UserSort.optional(),
      ...page,
      /** A user's id: the window that holds it. */
      around: Id.optional(),
    }),
    result: listOf(User),
    access: { who: "permission", permission: "users.read", target: "none" },
  }),
  "users.get": method({
    summary: "One user with settings and effective permissions",
    params: z.strictObject({ user: UserRef.optional() }),
    result: UserDetail,
    access: {
      who: "permission",
      permission: "users.read",
      target: "user",
      ownIsFree: true,
      keyMay: "owner",
    },
  }),
  "users.create": method({
    summary: "Create a user; without a password it is one that only keys can use",
    params: z
      .strictObject({
        username: Username,
        password: Password.optional(),
        generatePassword: z.boolean().optional(),
        fullName: FreeText.default(""),
        type: z.enum(userTypes).default("normal"),
        roles: z.array(RoleName).max(100).default([]),
        active: z.boolean().default(true),
        /** Default true with a password. */
        mustChangePassword: z.boolean().optional(),
        theme: z.enum(themes).default("default"),
        presence: z.boolean().default(true),
        settings: JsonObject.optional(),
        validUntil: TimestampInput.nullable().default(null),
      })
      .refine((user) => !(user.password !== undefined && user.generatePassword), {
        path: ["generatePassword"],
        message: "give a password or have one generated, not both",
      }),
    result: z.strictObject({ user: User, generatedPassword: z.string().optional() }),
    access: { who: "permission", permission: "users.create", target: "none" },
    sudo: true,
    refusals: ["outranked", "alreadyExists", "passwordRejected", "busy", "storeUnavailable"],
  }),
  "users.update": method({
    summary: "Change a user; absent fields stay",
    params: z.strictObject({
      user: UserRef.optional(),
      changes: UserChanges,
      ifRevision: z.int().optional(),
    }),
    result: User,
    access: {
      who: "permission",
      permission: "users.update",
      target: "user",
      ownIsFree: true,
      ownFields: ["fullName", "theme"],
    },
    sudo: { when: "to change roles", holds: ({ changes }) => changes.roles !== undefined },
    refusals: [
      "outranked",
      "alreadyExists",
      "lastAdministrator",
      "ownAccount",
      "revisionMismatch",
      "invalidState",
      "storeUnavailable",
    ],
  }),
  "users.enable": method({
    summary: "Let a disabled user in again",
    params: z.strictObject({ user: UserRef }),
    result: User,
    access: { who: "permission", permission: "users.update", target: "user" },
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "users.disable": method({
    summary: "Shut a user out, open connections included",
    params: z.strictObject({ user: UserRef }),
    result: User,
    access: { who: "permission", permission: "users.update", target: "user" },
    refusals: ["outranked", "lastAdministrator", "ownAccount", "invalidState", "storeUnavailable"],
  }),
  "users.delete": method({
    summary: "Delete a user; the name stays reserved until the purge",
    params: z.strictObject({ user: UserRef, ifRevision: z.int().optional() }),
    result: User,
    access: { who: "permission", permission: "users.delete", target: "user" },
    refusals: [
      "outranked",
      "lastAdministrator",
      "ownAccount",
      "revisionMismatch",
      "invalidState",
      "storeUnavailable",
    ],
  }),
};

export type User = z.output<typeof User>;
export type UserDetail = z.output<typeof UserDetail>;
export type UserFilter = z.output<typeof UserFilter>;
export type UserSort = z.output<typeof UserSort>;
export type UserChanges = z.output<typeof UserChanges>;
