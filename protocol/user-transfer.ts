import { z } from "zod";
import { method } from "./method.ts";
import { FreeText, Id, JsonObject, Password, RoleName, TimestampInput, Username } from "./scalars.ts";
import { themes, UserDetail, userTypes } from "./users.ts";

/** The most rows of one import; with a password fewer, for each takes its time to hash. */
export const mostImported = { rows: 500, passwords: 50 } as const;

/** One row of an import. What is absent stays as it is; in a new user it is as `users.create` has it. */
export const ImportedUser = z
  .strictObject({
    username: Username,
    password: Password,
    fullName: FreeText,
    /** Of a new user; what a user is cannot be changed. */
    type: z.enum(userTypes),
    /** The user has these roles then, and no others. */
    roles: z.array(RoleName).max(100),
    active: z.boolean(),
    /** Default true with a password. */
    mustChangePassword: z.boolean(),
    theme: z.enum(themes),
    presence: z.boolean(),
    /** These replace what there is. */
    settings: JsonObject,
    validUntil: TimestampInput.nullable(),
  })
  .partial()
  .required({ username: true })
  .meta({ id: "ImportedUser", title: "ImportedUser" });

export const importModes = ["create", "upsert"] as const;
export const importOutcomes = ["created", "updated", "unchanged", "failed"] as const;

const ErrorOfRow = z.strictObject({
  code: z.int(),
  message: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
});

export const ImportResult = z
  .strictObject({
    /** Of the row among `users`. */
    index: z.int(),
    /** As it is stored; null where the row has none that can be. */
    username: z.string().nullable(),
    outcome: z.enum(importOutcomes),
    /** Why the row failed: its paths begin in the row. With `data.because`, only since that other row failed. */
    error: ErrorOfRow.optional(),
  })
  .meta({ id: "ImportResult", title: "ImportResult" });

export const userTransferMethods = {
  "users.import": method({
    summary: "Create or update many users at once: all or nothing unless partial",
    params: z.strictObject({
      /** A row that is no `ImportedUser` fails by itself, with its index. */
      users: z
        .array(z.union([ImportedUser, z.unknown()]))
        .min(1)
        .max(mostImported.rows)
        .refine(
          (rows) => rows.filter(carries("password")).length <= mostImported.passwords,
          `must be at most ${mostImported.passwords} with a password`,
        ),
      /** `upsert` changes the users that there are, where `create` fails. */
      mode: z.enum(importModes),
      /** Tells what would happen. */
      dryRun: z.boolean().default(false),
      /** Imports the good rows though others fail. */
      partial: z.boolean().default(false),
    }),
    result: z.strictObject({
      /** One for each row, in their order. */
      results: z.array(ImportResult),
      created: z.int(),
      updated: z.int(),
      unchanged: z.int(),
      failed: z.int(),
    }),
    access: { who: "permission", permission: "users.create", target: "none" },
    alsoNeeds: [
      { permission: "users.update", when: "to upsert", holds: ({ mode }) => mode === "upsert" },
      {
        permission: "users.password",
        when: "for rows with a password",
        holds: ({ users }) => users.some(carries("password")),
      },
      {
        permission: "settings.manage",
        when: "for rows with settings",
        holds: ({ users }) => users.some(carries("settings")),
      },
    ],
    sudo: true,
    refusals: [
      "outranked",
      "alreadyExists",
      "lastAdministrator",
      "ownAccount",
      "passwordRejected",
      "invalidState",
      "busy",
      "storeUnavailable",
    ],
  }),
  "users.export": method({
    summary: "All live users, page by page, in an order that changes do not disturb",
    params: z.strictObject({
      /** The `next` of the page before. */
      after: Id.optional(),
      limit: z.int().min(1).max(500).default(50),
    }),
    /** A page ends early where it grows large; `next` is null on the last. */
    result: z.strictObject({ items: z.array(UserDetail), next: Id.nullable() }),
    access: { who: "permission", permission: ["users.read", "settings.read"], target: "none" },
    sudo: true,
  }),
};

export type ImportedUser = z.output<typeof ImportedUser>;
export type ImportResult = z.output<typeof ImportResult>;

function carries(field: "password" | "settings"): (row: unknown) => boolean {
  return (row) => typeof row === "object" && row !== null && Object.hasOwn(row, field);
}
