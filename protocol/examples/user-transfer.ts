import type { userTransferMethods } from "../user-transfer.ts";
import { newId } from "./directory.ts";
import type { ExamplesOf } from "./example.ts";

const dora = { username: "dora", fullName: "Dora Diaz", roles: ["designer"] };

export const userTransferExamples: ExamplesOf<keyof typeof userTransferMethods> = {
  "users.import": [
    {
      name: "What would come of it",
      params: { mode: "create", dryRun: true, users: [dora] },
      result: {
        results: [{ index: 0, username: "dora", outcome: "created" }],
        created: 1,
        updated: 0,
        unchanged: 0,
        failed: 0,
      },
    },
    {
      name: "As many as can be, with why the others cannot",
      params: { mode: "upsert", partial: true, users: [dora, { username: "bert", roles: ["welder"] }] },
      result: {
        results: [
          { index: 0, username: "dora", outcome: "created" },
          {
            index: 1,
            username: "bert",
            outcome: "failed",
            error: {
              code: -32602,
              message: "Invalid params: roles.0: there is no role welder",
              data: {
                issues: [{ path: ["roles", 0], code: "unknownRole", message: "there is no role welder" }],
              },
            },
          },
        ],
        created: 1,
        updated: 0,
        unchanged: 0,
        failed: 1,
      },
    },
  ],
  "users.export": [
    { name: "After the last page", params: { after: newId }, result: { items: [], next: null } },
  ],
};
