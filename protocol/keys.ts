import { z } from "zod";
import { method } from "./method.ts";
import { Permissions } from "./permissions.ts";
import { FreeText, Id, listOf, page, Timestamp, TimestampInput, text, userOrSelf } from "./scalars.ts";

export const keyStatuses = ["active", "retiring", "expired", "revoked"] as const;

export const ApiKey = z
  .strictObject({
    id: Id.describe("The key's id, which is no part of its secret"),
    userId: Id.describe("The owner's id"),
    username: z.string().describe("The owner's username"),
    name: z.string().describe("What people call it"),
    hint: z.string().describe("The secret's first characters, to recognise it by"),
    permissions: z
      .array(z.string())
      .nullable()
      .describe("What it may do, as far as its owner may; null: all that the owner holds at any time"),
    status: z.enum(keyStatuses).describe("`retiring`: rotated, and works until `graceUntil`"),
    createdAt: Timestamp.describe("When it was made"),
    expiresAt: Timestamp.nullable().describe("Refused from this instant on; null: no end"),
    lastUsedAt: Timestamp.nullable().describe("The last authentication or request; null: none yet"),
    lastUsedFrom: z
      .string()
      .nullable()
      .describe("The address of that use; null on the Unix socket, and before any"),
    useCount: z.int().describe("Authentications and requests, counted together"),
    openConnections: z.int().describe("How many connections speak for it now"),
    rotatedFrom: Id.nullable().describe("The key that it replaced"),
    rotatedTo: Id.nullable().describe("The key that replaced it"),
    graceUntil: Timestamp.nullable().describe("Once it was rotated: refused from this instant on"),
    revokedAt: Timestamp.nullable().describe("When it was ended by hand"),
    revokedReason: z.string().nullable().describe("Why, as whoever ended it said"),
  })
  .meta({
    id: "ApiKey",
    title: "ApiKey",
    description: "An API key without its secret, which leaves the daemon once: when it is made",
  });

const KeyName = text(200).min(1, "must not be empty");

export const KeyChanges = z
  .strictObject({
    name: KeyName.describe("What people call it, 1 to 200 characters"),
    permissions: Permissions.describe("Part of what it has now"),
    expiresAt: TimestampInput.nullable().describe(
      "Its end, not later than now set; null only where it has none",
    ),
  })
  .partial()
  .meta({
    id: "KeyChanges",
    title: "KeyChanges",
    description:
      "What `keys.update` may carry; an absent field stays. Nothing makes a key hold more or last longer",
  });

const keyId = Id.describe("The key's id");
const secret = z.string().describe("`rk_…`, to be kept now: shown here and nowhere else");
const reason = FreeText.optional().describe("Why, for whoever looks at the key or the audit later");
const keyAccess = { who: "permission", permission: "keys.manage", ownIsFree: true } as const;

export const keyMethods = {
  "keys.list": method({
    summary: "The keys of one user, or of everybody",
    params: z
      .strictObject({
        user: userOrSelf,
        allUsers: z.boolean().optional().describe("True: everybody's; not together with `user`"),
        status: z.enum(keyStatuses).optional().describe("Only those in this state now"),
        text: z
          .string()
          .max(200)
          .optional()
          .describe("Only those with this in the name, the hint or the owner's user name, whatever the case"),
        createdBefore: TimestampInput.optional().describe("Only those made earlier than this"),
        unusedSince: TimestampInput.optional().describe(
          "Only those last used earlier than this, or never used and made earlier",
        ),
        expiresBefore: TimestampInput.optional().describe(
          "Only those that end earlier than this, by grace too",
        ),
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
    params: z.strictObject({ id: keyId }),
    result: ApiKey,
    access: { ...keyAccess, target: "key", keyMay: "itself" },
  }),
  "keys.create": method({
    summary: "Make a key; the secret is in this answer and nowhere else",
    params: z.strictObject({
      user: userOrSelf,
      name: KeyName.describe("What people call it, 1 to 200 characters"),
      permissions: Permissions.optional().describe(
        "What it may do; absent on one's own account: all that one holds at any time, otherwise what the owner holds now",
      ),
      expiresAt: TimestampInput.nullable()
        .optional()
        .describe("When it ends; null: never; absent: never, or with the key that asks"),
    }),
    result: z.strictObject({ key: ApiKey.describe("The new key"), secret }),
    access: { ...keyAccess, target: "user" },
    sudo: true,
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "keys.rotate": method({
    summary: "Replace a key; the old one works on until its grace ends",
    params: z.strictObject({
      id: keyId,
      graceSeconds: z
        .int()
        .min(0)
        .max(2_592_000)
        .default(86_400)
        .describe("How long the old key still works, in seconds; at most 30 days, and not past its own end"),
      expiresAt: TimestampInput.nullable()
        .optional()
        .describe("When the new key ends; null: never; absent: the same lifetime from now"),
    }),
    result: z.strictObject({
      key: ApiKey.describe("The new key, with the same permissions"),
      secret,
      previous: ApiKey.describe("The old key, retiring"),
    }),
    access: { ...keyAccess, target: "key", keyMay: "itself" },
    sudo: true,
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "keys.update": method({
    summary: "Rename a key, take permissions from it or let it end earlier",
    params: z.strictObject({ id: keyId, changes: KeyChanges.describe("What changes; what is absent stays") }),
    result: ApiKey,
    access: { ...keyAccess, target: "key" },
    sudo: true,
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
  "keys.revoke": method({
    summary: "End a key now",
    params: z.strictObject({ id: keyId, reason }),
    result: ApiKey,
    access: { ...keyAccess, target: "key" },
    refusals: ["outranked", "storeUnavailable"],
  }),
  "keys.revokeAll": method({
    summary: "End all keys of a user now",
    params: z.strictObject({ user: userOrSelf, reason }),
    result: z.strictObject({ revoked: z.int().describe("How many keys were ended") }),
    access: { ...keyAccess, target: "user" },
    refusals: ["outranked", "invalidState", "storeUnavailable"],
  }),
};

export type ApiKey = z.output<typeof ApiKey>;
export type KeyStatus = (typeof keyStatuses)[number];
