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

export const Timestamp = z.iso
  .datetime({ error: "must be an RFC 3339 time in UTC, such as 2026-11-22T20:17:36.000Z" })
  .meta({
    id: "Timestamp",
    title: "Timestamp",
    description: "RFC 3339 in UTC with milliseconds, such as `2026-11-22T20:17:36.000Z`",
  });

/** An instant given by a caller, in the stored form (milliseconds always written). */
export const TimestampInput = Timestamp.transform((text) => new Date(text).toISOString());

export const Id = z
  .string()
  .regex(UUID, "must be an id (a UUID)")
  .toLowerCase()
  .meta({ id: "Id", title: "Id", description: "UUIDv7 (RFC 9562, section 5.7)" });

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
  .meta({
    id: "Username",
    title: "Username",
    description:
      "1 to 64 of `a-z 0-9 . _ @ + -`, beginning with a letter or digit, not shaped like an id; NFKC and lower case are made of what is sent",
  });

export const UserRef = z.string().min(1).max(256).transform(normaliseUsername).meta({
  id: "UserRef",
  title: "UserRef",
  description: "A user's id or username, in any spelling that normalises to it",
});

/** Whom a call is about, where leaving it out means oneself. */
export const userOrSelf = UserRef.optional().describe(
  "Whose: an id or a username; absent: the caller's own account",
);

/** Guards a change against another one in between. */
export const ifRevision = z
  .int()
  .optional()
  .describe("Refuse with 412 unless this is still the object's `revision`");

/** Human text of at most `most` code points: NFC, nothing invisible in it. */
export function text(most: number) {
  return z
    .string()
    .max(most * 4, `must be at most ${most} characters`)
    .normalize("NFC")
    .refine(
      (value) => value.length <= most || [...value].length <= most,
      `must be at most ${most} characters`,
    )
    .refine((value) => !INVISIBLE.test(value), "must not contain control or formatting characters");
}

export const FreeText = text(200).meta({
  id: "FreeText",
  title: "FreeText",
  description: "At most 200 characters, made NFC; no control, bidi-control or format characters",
});

export const RoleName = z
  .string()
  .max(256)
  .transform(normaliseUsername)
  .pipe(z.string().regex(ROLE_NAME, "must be 1 to 64 of a-z 0-9 . _ - and begin with a letter or digit"))
  .meta({
    id: "RoleName",
    title: "RoleName",
    description: "1 to 64 of `a-z 0-9 . _ -`, beginning with a letter or digit",
  });

export const Password = z.string().max(4096).meta({
  id: "Password",
  title: "Password",
  description: "As it was typed: the password policy says what is wrong with it (422, `data.problems`)",
});

/** Written out and not `z.json()`, which cannot refer to itself by a name in a JSON Schema. */
export const Json: z.ZodType<z.core.util.JSONType, z.core.util.JSONType> = z
  .lazy(() =>
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(Json), z.record(z.string(), Json)]),
  )
  .meta({ id: "Json", title: "Json", description: "Any JSON value" });

export const JsonObject = z
  .record(z.string(), Json)
  .meta({ id: "JsonObject", title: "JsonObject", description: "Any JSON object" });

export const limit = z.int().min(1).max(500).default(50).describe("The most items of the answer, 1 to 500");

/** How a list is paged. */
export const page = {
  offset: z.int().min(0).default(0).describe("How many items to skip"),
  limit,
};

/** The answer of a list method: one window of `items` and the exact `total`. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.strictObject({
    items: z.array(item).describe("The window's items, in order"),
    total: z.int().describe("How many there are in all windows together"),
    offset: z.int().describe("How many come before this window"),
    limit: z.int().describe("The most items that this window could hold"),
  });
}
