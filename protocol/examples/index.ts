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
import { userLifecycleExamples } from "./user-lifecycle.ts";
import { userTransferExamples } from "./user-transfer.ts";
import { userExamples } from "./users.ts";
import { verifyExamples } from "./verify.ts";

/** For every method of the contract at least one call with its answer. */
export const examples: ExamplesOf<MethodName> = {
  ...systemExamples,
  ...discoveryExamples,
  ...authExamples,
  ...verifyExamples,
  ...auditExamples,
  ...userExamples,
  ...passwordExamples,
  ...keyExamples,
  ...settingsExamples,
  ...userLifecycleExamples,
  ...userTransferExamples,
  ...presenceExamples,
  ...roleExamples,
  ...sessionExamples,
  ...eventExamples,
};
