import { z } from "zod";
import { method } from "./method.ts";
import { PresenceEntry } from "./presence.ts";
import {
  FreeText,
  Id,
  ifRevision,
  JsonObject,
  listOf,
  Password,
  page,
  RoleName,
  Timestamp,
  TimestampInput,
  Username,
  UserRef,
  userOrSelf,
} from "./scalars.ts";

export const userTypes = ["normal", "service"] as const;
export const themes = ["default", "light", "high-contrast", "halloween"] as const;

export const User = z
  .strictObject({
    id: Id.describe("Stays for good, through renames"),
    username: z.string().describe("The name to log in with, normalised; unique"),
    fullName: z.string().describe("The name for people; may be empty"),
    type: z.enum(userTypes).describe("`service`: an account that only keys can use"),
    roles: z.array(z.string()).describe("Names of the roles that the user has"),
    active: z.boolean().describe("False: shut out, with sessions and keys"),
    mustChangePassword: z.boolean().describe("Sessions may do nothing else before the password is changed"),
    hasPassword: z.boolean().describe("Whether one can log in with a password"),
    passwordChangedAt: Timestamp.nullable().describe("When the password was last set; null: never"),
    validUntil: Timestamp.nullable().describe("The account ends at this instant; null: never"),
    theme: z.enum(themes).describe("The colours of the terminal UI"),
    presence: z.boolean().describe("Whether the user is listed on the presence board"),
    lockedUntil: Timestamp.nullable().describe(
      "Logins are refused until then after wrong passwords; null: not",
    ),
    lastLoginAt: Timestamp.nullable().describe(
      "The last good password, here or by `auth.verifyPassword`; null: none yet",
    ),
    activeKeys: z.int().describe("How many keys are active or retiring now"),
    createdAt: Timestamp.describe("When the account was made"),
    updatedAt: Timestamp.describe("When an administrative field last changed"),
    deletedAt: Timestamp.nullable().describe("When it was deleted, to be purged later; null: it is not"),
    revision: z.int().describe("Counts changes of administrative fields: not logins, key uses or presence"),
  })
  .meta({
    id: "User",
    title: "User",
    description: "A user as everybody with `users.read` sees it: no hash, salt or secret in it, ever",
  });

export const UserDetail = User.extend({
  settings: JsonObject.nullable().describe("By application; null for those who may not see them"),
  permissions: z.array(z.string()).describe("What the user's roles permit together"),
  status: PresenceEntry.nullable().describe(
    "The line on the presence board; null for those who may not see it, and while the user is not on it",
  ),
}).meta({
  id: "UserDetail",
  title: "UserDetail",
  description: "A user with what only itself and some others may see",
});

export const UserFilter = z
  .strictObject({
    text: z.string().max(200).describe("Part of username or full name, whatever the case"),
    username: UserRef.describe("This user only"),
    roles: z.array(RoleName).max(100).describe("Has all of these roles"),
    active: z.boolean().describe("Is active, or is not"),
    type: z.enum(userTypes).describe("Is of this type"),
    locked: z.boolean().describe("Is locked now after wrong passwords, or is not"),
    deleted: z.boolean().describe("True: deleted users only; absent or false: live ones only"),
    mustChangePassword: z.boolean().describe("Must change the password, or need not"),
    hasPassword: z.boolean().describe("Has a password, or has none"),
    createdAfter: TimestampInput.describe("Was created later than this"),
    createdBefore: TimestampInput.describe("Was created earlier than this"),
    lastLoginBefore: TimestampInput.describe("Logged in last before this, or never"),
  })
  .partial()
  .meta({ id: "UserFilter", title: "UserFilter", description: "Which users: all that is given must hold" });

export const userSortKeys = ["username", "fullName", "createdAt", "updatedAt", "lastLoginAt"] as const;

export const UserSort = z
  .strictObject({
    by: z.enum(userSortKeys).default("username").describe("The field; ties go by username"),
    order: z.enum(["asc", "desc"]).default("asc").describe("Smallest first, or largest first"),
  })
  .meta({ id: "UserSort", title: "UserSort", description: "In which order" });

export const UserChanges = z
  .strictObject({
    username: Username.describe("The new name to log in with"),
    fullName: FreeText.describe("The name for people"),
    roles: z.array(RoleName).max(100).describe("The user has these roles then, and no others"),
    active: z.boolean().describe("False shuts the user out, open connections included"),
    mustChangePassword: z.boolean().describe("True: nothing else before the password is changed"),
    theme: z.enum(themes).describe("The colours of the terminal UI"),
    presence: z.boolean().describe("Whether the user is listed on the presence board"),
    validUntil: TimestampInput.nullable().describe("The account ends at this instant; null: never"),
  })
  .partial()
  .meta({
    id: "UserChanges",
    title: "UserChanges",
    description: "What `users.update` may carry; an absent field stays as it is",
  });

export const userMethods = {
  "users.list": method({
    summary: "One window of the users, filtered and sorted, with the exact total",
    params: z.strictObject({
      filter: UserFilter.optional().describe("Which users; absent: all live ones"),
      sort: UserSort.optional().describe("In which order; absent: by username"),
      ...page,
      around: Id.optional().describe("A user's id: the window that holds it, whatever `offset` says"),
    }),
    result: listOf(User),
    access: { who: "permission", permission: "users.read", target: "none" },
  }),
  "users.get": method({
    summary: "One user with settings and effective permissions",
    params: z.strictObject({ user: userOrSelf }),
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
        username: Username.describe("The name to log in with"),
        password: Password.optional().describe("The first password; not together with `generatePassword`"),
        generatePassword: z
          .boolean()
          .optional()
          .describe("True: the daemon makes a password and answers it once"),
        fullName: FreeText.default("").describe("The name for people"),
        type: z.enum(userTypes).default("normal").describe("`service`: an account that only keys can use"),
        roles: z
          .array(RoleName)
          .max(100)
          .default([])
          .describe("Roles of which the caller holds all permissions"),
        active: z.boolean().default(true).describe("False: shut out until it is enabled"),
        mustChangePassword: z
          .boolean()
          .optional()
          .describe("Whether the password must be changed first; absent: true with a password"),
        theme: z.enum(themes).default("default").describe("The colours of the terminal UI"),
        presence: z.boolean().default(true).describe("Whether the user is listed on the presence board"),
        settings: JsonObject.optional().describe("By application; absent: the configured defaults"),
        validUntil: TimestampInput.nullable()
          .default(null)
          .describe("The account ends at this instant; null: never"),
      })
      .refine((user) => !(user.password !== undefined && user.generatePassword), {
        path: ["generatePassword"],
        message: "give a password or have one generated, not both",
      }),
    result: z.strictObject({
      user: User.describe("The new user"),
      generatedPassword: z
        .string()
        .optional()
        .describe("Where one was asked for; shown here and nowhere else"),
    }),
    access: { who: "permission", permission: "users.create", target: "none" },
    sudo: true,
    refusals: ["outranked", "alreadyExists", "passwordRejected", "busy", "storeUnavailable"],
  }),
  "users.update": method({
    summary: "Change a user; absent fields stay",
    params: z.strictObject({
      user: userOrSelf,
      changes: UserChanges.describe("What changes; what is absent stays"),
      ifRevision,
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
    params: z.strictObject({ user: UserRef.describe("Whom, by id or username") }),
    result: User,
    access: { who: "permission", permission: "users.update", target: "user" },
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "users.disable": method({
    summary: "Shut a user out, open connections included",
    params: z.strictObject({ user: UserRef.describe("Whom, by id or username") }),
    result: User,
    access: { who: "permission", permission: "users.update", target: "user" },
    refusals: ["outranked", "lastAdministrator", "ownAccount", "invalidState", "storeUnavailable"],
  }),
  "users.delete": method({
    summary: "Delete a user; the name stays reserved until the purge",
    params: z.strictObject({ user: UserRef.describe("Whom, by id or username"), ifRevision }),
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
