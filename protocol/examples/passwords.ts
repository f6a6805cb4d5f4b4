import type { passwordMethods } from "../passwords.ts";
import { bertPassword, generatedPassword } from "./directory.ts";
import type { ExamplesOf } from "./example.ts";

export const passwordExamples: ExamplesOf<keyof typeof passwordMethods> = {
  "users.changePassword": [
    {
      name: "One's own",
      by: "bert",
      params: { currentPassword: bertPassword, newPassword: "nine ducks on a green pond" },
      result: {},
    },
  ],
  "users.resetPassword": [
    { name: "A generated one", params: { user: "bert", generate: true }, result: { generatedPassword } },
  ],
};
