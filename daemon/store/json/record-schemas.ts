import { z } from "zod";
import { FreeText, JsonObject, Permission, RoleName, Username } from "../../../protocol/index.ts";
import type { Collection, Records } from "../records.ts";

const UUID = z.uuid().regex(/^[^A-Z]*$/, "must be in lower case");
/** The stored form, in which instants compare as text. */
const Instant = z.iso.datetime({ precision: 3 });
const Revision = z.int().min(1);
const Lookup = z.string().regex(/^[0-9A-Za-z]{12}$/, "must be 12 letters and digits");
const Digest = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex");
/** 96 bytes that begin with "scrypt", in base64. */
const PasswordHash = z
  .string()
  .regex(/^c2NyeXB0[0-9A-Za-z+/]{120}$/, "must be a record of scrypt-kdf, base64");

/** Text that is stored as the contract's schema leaves it. */
function settled(schema: z.ZodType<string, string>) {
  return z.string().check((context) => {
    const { success, data, error } = schema.safeParse(context.value);
    if (success && data === context.value) return;
    const message = error?.issues[0]?.message ?? `must be written ${JSON.stringify(data)}`;
    context.issues.push({ code: "custom", message, input: context.value });
  });
}

/** What the records of each collection must look like: `records.ts`, for data that somebody else may have written. */
export const recordSchemas: { readonly [C in Collection]: z.ZodType<Records[C]> } = {
  users: z.strictObject({
    id: UUID,
    username: settled(Username),
    fullName: settled(FreeText),
    type: z.enum(["normal", "service"]),
    roles: z.array(z.string()),
    active: z.boolean(),
    mustChangePassword: z.boolean(),
    passwordHash: PasswordHash.nullable(),
    passwordChangedAt: Instant.nullable(),
    validUntil: Instant.nullable(),
    expiredAt: Instant.optional(),
    theme: z.enum(["default", "light", "high-contrast", "halloween"]),
    presence: z.boolean(),
    lastLoginAt: Instant.nullable(),
    createdAt: Instant,
    updatedAt: Instant,
    deletedAt: Instant.nullable(),
    revision: Revision,
  }),
  roles: z.strictObject({
    id: z.string().min(1),
    name: settled(RoleName),
    description: settled(FreeText),
    permissions: z.array(Permission),
    builtIn: z.boolean(),
    revision: Revision,
  }),
  keys: z.strictObject({
    id: UUID,
    userId: UUID,
    name: settled(FreeText),
    lookup: Lookup,
    hash: Digest,
    hint: z.string(),
    permissions: z.array(Permission).nullable(),
    createdAt: Instant,
    expiresAt: Instant.nullable(),
    expiredAt: Instant.nullable(),
    rotatedFrom: UUID.nullable(),
    rotatedTo: UUID.nullable(),
    graceUntil: Instant.nullable(),
    revokedAt: Instant.nullable(),
    revokedReason: z.string().nullable(),
  }),
  sessions: z.strictObject({
    id: UUID,
    userId: UUID,
    lookup: Lookup,
    hash: Digest,
    createdAt: Instant,
    expiresAt: Instant,
    idleMs: z.int().min(1).exactOptional(),
    reauthenticatedAt: Instant,
    address: z.string().nullable(),
    client: z.string().nullable(),
  }),
  settings: z.strictObject({ id: UUID, settings: JsonObject, revision: Revision }),
  presence: z.strictObject({
    id: UUID,
    status: z.string(),
    message: settled(FreeText),
    returnAt: Instant.nullable(),
    updatedAt: Instant,
  }),
  lockouts: z.strictObject({ id: UUID, failures: z.int().min(1), until: Instant }),
  usage: z.strictObject({
    id: UUID,
    lastUsedAt: Instant,
    lastUsedFrom: z.string().nullable(),
    useCount: z.int().min(1),
  }),
};
