import { z } from "zod";

/** Control, format (bidi, zero-width), surrogate and line-separating characters: never part of free text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const USERNAME = /^[a-z0-9][a-z0-9._@+-]{0,63}$/;
const ROLE_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Whether a `UserRef` is an id rather than a username; usernames are never shaped like a UUID. */
export function isId(ref: string): boolean {
  return UUID.test(ref);
}

/** Names that name the same account: NFKC, then lower case. */
export function normaliseUsername(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** RFC 3339 in UTC with milliseconds, such as `2026-11-22T20:17:36.000Z`. */
export const Timestamp = z.iso
  .datetime({ error: "must be an RFC 3339 time in UTC, such as 2026-11-22T20:17:36.000Z" })
  .meta({ id: "Timestamp", title: "Timestamp" });

/** An instant given by a caller, in the stored form (milliseconds always written). */
export const TimestampInput = Timestamp.transform((text) => new Date(text).toISOString());

/** UUIDv7 (RFC 9562, section 5.7). */
export const Id = z
  .string()
  .regex(UUID, "must be an id (a UUID)")
  .toLowerCase()
  .meta({ id: "Id", title: "Id" });

export const Username = z
  .string()
  .max(256)
  .transform(normaliseUsername)
  .pipe(
    z
      .string()
      .regex(USERNAME, "must be 1 to 64 of a-z 0-9 . _ @ + - and begin with a letter or digit")
      .refine((name) => !isId(name), "must not be shaped like an id"),
  )
  .meta({ id: "Username", title: "Username" });

/** A user's id or username, in any spelling that normalises to it. */
export const UserRef = z
  .string()
  .min(1)
  .max(256)
  .transform(normaliseUsername)
  .meta({ id: "UserRef", title: "UserRef" });

/** Human text of at most `most` code points: NFC, nothing invisible in it. */
export function text(most: number) {
  return z
    .string()
    .max(most * 4, `must be at most ${most} characters`)
    .normalize("NFC")
    .refine((value) => [...value].length <= most, `must be at most ${most} characters`)
    .refine((value) => !INVISIBLE.test(value), "must not contain control or formatting characters");
}

export const FreeText = text(200).meta({ id: "FreeText", title: "FreeText" });

export const RoleName = z
  .string()
  .max(256)
  .transform(normaliseUsername)
  .pipe(z.string().regex(ROLE_NAME, "must be 1 to 64 of a-z 0-9 . _ - and begin with a letter or digit"))
  .meta({ id: "RoleName", title: "RoleName" });

/** As it was typed; the password policy, not the schema, says what is wrong with it. */
export const Password = z.string().max(4096).meta({ id: "Password", title: "Password" });

/** Any JSON value. Written out and not `z.json()`, which cannot refer to itself by a name in a JSON Schema. */
export const Json: z.ZodType<z.core.util.JSONType, z.core.util.JSONType> = z
  .lazy(() =>
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(Json), z.record(z.string(), Json)]),
  )
  .meta({ id: "Json", title: "Json" });

export const JsonObject = z.record(z.string(), Json).meta({ id: "JsonObject", title: "JsonObject" });

/** How a list is paged: `limit` is 1 to 500. */
export const page = {
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(500).default(50),
};

/** The answer of a list method: one window of `items` and the exact `total`. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), total: z.int(), offset: z.int(), limit: z.int() });
}
