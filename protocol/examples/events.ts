import type { eventMethods } from "../events.ts";
import { epoch, subscriptionId } from "./directory.ts";
import type { ExamplesOf } from "./example.ts";

export const eventExamples: ExamplesOf<keyof typeof eventMethods> = {
  "events.subscribe": [
    {
      name: "Two topics, from now on",
      params: { topics: ["users", "keys"] },
      result: { subscription: "s2", seq: 7, epoch },
    },
    {
      name: "All topics, and what came after position 3 first",
      params: { since: 3, epoch },
      result: { subscription: "s2", seq: 7, epoch },
    },
  ],
  "events.unsubscribe": [{ name: "End it", params: { subscription: subscriptionId }, result: {} }],
};
