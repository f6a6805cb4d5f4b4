import { z } from "zod";
import { method } from "./method.ts";
import { FreeText, Id, JsonObject, limit, Password, RoleName, TimestampInput, Username } from "./scalars.ts";
import { themes, UserDetail, userTypes } from "./users.ts";

/** The most rows of one import; with a password fewer, for each takes its time to hash. */
export const mostImported = { rows: 500, passwords: 50 } as const;

export const ImportedUser = z
  .strictObject({
    username: Username.describe("Says which user the row is about"),
    password: Password.describe("Sets the password, and ends the user's sessions"),
    fullName: FreeText.describe("The name for people"),
    type: z.enum(userTypes).describe("Of a new user; what a user is cannot be changed"),
    roles: z.array(RoleName).max(100).describe("The user has these roles then, and no others"),
    active: z.boolean().describe("False: shut out"),
    mustChangePassword: z
      .boolean()
      .describe("Whether it must be changed first; absent: true with a password"),
    theme: z.enum(themes).describe("The colours of the terminal UI"),
    presence: z.boolean().describe("Whether the user is listed on the presence board"),
    settings: JsonObject.describe("By application; these replace what there is"),
    validUntil: TimestampInput.nullable().describe("The account ends at this instant; null: never"),
  })
  .partial()
  .required({ username: true })
  .meta({
    id: "ImportedUser",
    title: "ImportedUser",
    description:
      "One row of an import. What is absent stays as it is; in a new user it is as `users.create` has it",
  });

export const importModes = ["create", "upsert"] as const;
export const importOutcomes = ["created", "updated", "unchanged", "failed"] as const;

const ErrorOfRow = z.strictObject({
  code: z.int().describe("As in an error's answer"),
  message: z.string().describe("For people"),
  data: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("As in an error's answer; `because` is the index of another row that failed"),
});

export const ImportResult = z
  .strictObject({
    index: z.int().describe("Of the row among `users`, from 0"),
    username: z.string().nullable().describe("As it is stored; null where the row has none that can be"),
    outcome: z.enum(importOutcomes).describe("What became of the row, or would"),
    error: ErrorOfRow.optional().describe(
      "Why the row failed: its paths begin in the row. With `data.because`, only since that other row failed",
    ),
  })
  .meta({ id: "ImportResult", title: "ImportResult", description: "What became of one row of an import" });

export const userTransferMethods = {
  "users.import": method({
    summary: "Create or update many users at once: all or nothing unless partial",
    params: z.strictObject({
      users: z
        .array(z.union([ImportedUser, z.unknown()]))
        .min(1)
        .max(mostImported.rows)
        .refine(
          (rows) => rows.filter(carries("password")).length <= mostImported.passwords,
          `must be at most ${mostImported.passwords} with a password`,
        )
        .describe(
          `1 to ${mostImported.rows} rows, at most ${mostImported.passwords} with a password; one that is no \`ImportedUser\` fails by itself`,
        ),
      mode: z.enum(importModes).describe("`upsert` changes the users that there are, where `create` fails"),
      dryRun: z.boolean().default(false).describe("True: tell what would happen, and change nothing"),
      partial: z.boolean().default(false).describe("True: import the good rows though others fail"),
    }),
    result: z.strictObject({
      results: z.array(ImportResult).describe("One for each row, in their order"),
      created: z.int().describe("How many users are new"),
      updated: z.int().describe("How many users changed"),
      unchanged: z.int().describe("How many were already so"),
      failed: z.int().describe("How many rows failed; more than 0: nothing was changed, unless `partial`"),
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
      after: Id.optional().describe("The `next` of the page before; absent: from the beginning"),
      limit,
    }),
    result: z.strictObject({
      items: z.array(UserDetail).describe("One page, which ends early where it grows large"),
      next: Id.nullable().describe("For `after` of the next page; null on the last"),
    }),
    access: { who: "permission", permission: ["users.read", "settings.read"], target: "none" },
    sudo: true,
  }),
};

export type ImportedUser = z.output<typeof ImportedUser>;
export type ImportResult = z.output<typeof ImportResult>;

function carries(field: "password" | "settings"): (row: unknown) => boolean {
  return (row) => typeof row === "object" && row !== null && Object.hasOwn(row, field);
}
