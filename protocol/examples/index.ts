import type { MethodName } from "../methods.ts";
import { auditExamples } from "./audit.ts";
import { authExamples } from "./auth.ts";
import { eventExamples } from "./events.ts";
import type { ExamplesOf } from "./example.ts";
import { keyExamples } from "./keys.ts";
import { passwordExamples } from "./passwords.ts";
import { presenceExamples } from "./presence.ts";
import { roleExamples } from "./roles.ts";
import { sessionExamples } from "./sessions.ts";
import { settingsExamples } from "./settings.ts";
import { discoveryExamples, systemExamples } from "./system.ts";
import { userTransferExamples } from "./user-transfer.ts";
import { userExamples } from "./users.ts";

/** For every method of the contract at least one call with its answer. */
export const examples: Partial<ExamplesOf<MethodName>> = {
  ...systemExamples,
  ...discoveryExamples,
  ...authExamples,
  ...auditExamples,
  ...userExamples,
  ...passwordExamples,
  ...keyExamples,
  ...settingsExamples,
  ...userTransferExamples,
  ...presenceExamples,
  ...roleExamples,
  ...sessionExamples,
  ...eventExamples,
};
