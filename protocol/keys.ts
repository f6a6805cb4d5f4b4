import { z } from "zod";
import { method } from "./method.ts";
import { Permissions } from "./permissions.ts";
import { FreeText, Id, listOf, page, Timestamp, TimestampInput, text, UserRef } from "./scalars.ts";

export const keyStatuses = ["active", "retiring", "expired", "revoked"] as const;

/** An API key without its secret, which leaves the daemon once: when it is made. */
export const ApiKey = z
  .strictObject({
    id: Id,
    userId: Id,
    username: z.string(),
    name: z.string(),
    /** The secret's first characters, to recognise it by. */
    hint: z.string(),
    /** Null: all that the owner holds at any time. */
    permissions: z.array(z.string()).nullable(),
    status: z.enum(keyStatuses),
    createdAt: Timestamp,
    expiresAt: Timestamp.nullable(),
    lastUsedAt: Timestamp.nullable(),
    lastUsedFrom: z.string().nullable(),
    /** Authentications and requests. */
    useCount: z.int(),
    openConnections: z.int(),
    rotatedFrom: Id.nullable(),
    rotatedTo: Id.nullable(),
    /** While retiring: refused from this instant on. */
    graceUntil: Timestamp.nullable(),
    revokedAt: Timestamp.nullable(),
    revokedReason: z.string().nullable(),
  })
  .meta({ id: "ApiKey", title: "ApiKey" });

const KeyName = text(200).min(1, "must not be empty");

/** What `keys.update` may carry; an absent field stays. Nothing makes a key hold more or last longer. */
export const KeyChanges = z
  .strictObject({ name: KeyName, permissions: Permissions, expiresAt: TimestampInput.nullable() })
  .partial()
  .meta({ id: "KeyChanges", title: "KeyChanges" });

const keyAccess = { who: "permission", permission: "keys.manage", ownIsFree: true } as const;

export const keyMethods = {
  "keys.list": method({
    summary: "The keys of one user, or of everybody",
    params: z
      .strictObject({
        user: UserRef.optional(),
        allUsers: z.boolean().optional(),
        status: z.enum(keyStatuses).optional(),
        createdBefore: TimestampInput.optional(),
        unusedSince: TimestampInput.optional(),
        expiresBefore: TimestampInput.optional(),
        ...page,
      })
      .refine(({ user, allUsers }) => !(user !== undefined && allUsers), {
        path: ["allUsers"],
        message: "give a user or allUsers, not both",
      }),
    result: listOf(ApiKey),
    access: { ...keyAccess, target: "user" },
    refusals: ["invalidState"],
  }),
  "keys.get": method({
    summary: "One key with its use",
    params: z.strictObject({ id: Id }),
    result: ApiKey,
    access: { ...keyAccess, target: "key", keyMay: "itself" },
  }),
  "keys.create": method({
    summary: "Make a key; the secret is in this answer and nowhere else",
    params: z.strictObject({
      user: UserRef.optional(),
      name: KeyName,
      /** Absent on one's own account: all that one holds at any time. */
      permissions: Permissions.optional(),
      expiresAt: TimestampInput.nullable().optional(),
    }),
    result: z.strictObject({ key: ApiKey, secret: z.string() }),
    access: { ...keyAccess, target: "user" },
    sudo: true,
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "keys.rotate": method({
    summary: "Replace a key; the old one works on until its grace ends",
    params: z.strictObject({
      id: Id,
      graceSeconds: z.int().min(0).max(2_592_000).default(86_400),
      /** Absent: the same lifetime from now. */
      expiresAt: TimestampInput.nullable().optional(),
    }),
    result: z.strictObject({ key: ApiKey, secret: z.string(), previous: ApiKey }),
    access: { ...keyAccess, target: "key", keyMay: "itself" },
    sudo: true,
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "keys.update": method({
    summary: "Rename a key, take permissions from it or let it end earlier",
    params: z.strictObject({ id: Id, changes: KeyChanges }),
    result: ApiKey,
    access: { ...keyAccess, target: "key" },
    sudo: true,
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "keys.revoke": method({
    summary: "End a key now",
    params: z.strictObject({ id: Id, reason: FreeText.optional() }),
    result: ApiKey,
    access: { ...keyAccess, target: "key" },
    refusals: ["outranked", "storeUnavailable"],
  }),
  "keys.revokeAll": method({
    summary: "End all keys of a user now",
    params: z.strictObject({ user: UserRef.optional(), reason: FreeText.optional() }),
    result: z.strictObject({ revoked: z.int() }),
    access: { ...keyAccess, target: "user" },
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
};

export type ApiKey = z.output<typeof ApiKey>;
export type KeyStatus = (typeof keyStatuses)[number];
