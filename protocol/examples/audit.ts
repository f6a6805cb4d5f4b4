import type { auditMethods } from "../audit.ts";
import { carlaId, epoch, now } from "./directory.ts";
import type { ExamplesOf } from "./example.ts";
import { carla } from "./people.ts";

export const auditExamples: ExamplesOf<keyof typeof auditMethods> = {
  "audit.query": [
    {
      name: "Who was deleted, and by whom",
      params: { type: "user.deleted" },
      result: {
        items: [
          {
            seq: 5,
            at: now,
            type: "user.deleted",
            actor: { kind: "local", id: null, name: null, address: null },
            subject: { kind: "user", id: carlaId, name: "carla" },
            outcome: "ok",
            count: 1,
            data: { user: carla },
          },
        ],
        next: null,
      },
    },
  ],
  "audit.tip": [
    {
      name: "To be kept elsewhere",
      params: {},
      result: { seq: 7, hash: "d5add48215f4dbe05d6666ce033b98ac409d6e2cac5f8a99e39e87918875bacb", epoch },
    },
  ],
};
