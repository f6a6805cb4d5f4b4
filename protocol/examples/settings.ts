import type { settingsMethods } from "../settings.ts";
import type { ExamplesOf } from "./example.ts";
import { bertInDetail } from "./people.ts";

export const settingsExamples: ExamplesOf<keyof typeof settingsMethods> = {
  "settings.get": [
    {
      name: "One application's part",
      params: { user: "bert", namespace: "studio" },
      result: { settings: {}, revision: 1 },
    },
  ],
  "settings.save": [
    {
      name: "Merge: what is null goes, what is absent stays",
      by: "bert",
      params: { settings: { studio: { grid: 8, snap: null } } },
      result: { settings: { studio: { grid: 8 }, browse: {} }, revision: 2 },
    },
  ],
  "settings.reset": [
    {
      name: "All of a user's",
      params: { user: "bert" },
      result: bertInDetail,
    },
  ],
};
