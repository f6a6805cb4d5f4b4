import type { presenceMethods } from "../presence.ts";
import type { ExamplesOf } from "./example.ts";
import { ada, available, bert, octoprint } from "./people.ts";

export const presenceExamples: ExamplesOf<keyof typeof presenceMethods> = {
  "presence.list": [
    {
      name: "The board",
      params: {},
      result: {
        items: [available(ada), available(bert), available(octoprint)],
        total: 3,
        offset: 0,
        limit: 50,
      },
    },
  ],
  "presence.set": [
    {
      name: "One's own",
      by: "bert",
      params: { status: "At Lunch", message: "back soon", returnAt: "2026-03-01T13:00:00.000Z" },
      result: {
        ...available(bert),
        status: "At Lunch",
        message: "back soon",
        returnAt: "2026-03-01T13:00:00.000Z",
      },
    },
  ],
  "presence.clear": [{ name: "Somebody else's", params: { user: "bert" }, result: available(bert) }],
  "presence.statuses": [
    {
      name: "Those that come with Roster",
      params: {},
      result: {
        statuses: [
          "Available",
          "Away From Desk",
          "At Lunch",
          "Out for Day",
          "Out",
          "Appointment",
          "Do Not Disturb",
          "Meeting",
          "Out Sick",
          "Vacation",
        ],
      },
    },
  ],
};
