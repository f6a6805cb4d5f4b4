import type { userLifecycleMethods } from "../user-lifecycle.ts";
import type { ExamplesOf } from "./example.ts";
import { bert, carla } from "./people.ts";

export const userLifecycleExamples: ExamplesOf<keyof typeof userLifecycleMethods> = {
  "users.restore": [
    {
      name: "By the name that she kept",
      params: { user: "carla" },
      result: { ...carla, active: false, deletedAt: null, revision: 3 },
    },
  ],
  "users.purge": [{ name: "At once", params: { user: "carla" }, result: {} }],
  "users.unlock": [{ name: "One who is not locked out", params: { user: "bert" }, result: bert }],
};
