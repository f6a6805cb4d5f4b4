import type { Store } from "../store/store.ts";
import type { VerifyBudget } from "./budget.ts";
import type { Credentials } from "./credentials.ts";
import type { SessionLengths } from "./lifetime.ts";
import type { DirectoryLimits } from "./limits.ts";
import type { Lockout } from "./lockout.ts";
import type { PasswordHashing } from "./password-hashing.ts";
import type { PasswordPolicy } from "./password-policy.ts";
import type { PresenceStatuses } from "./presence.ts";
import type { Retention } from "./retention.ts";
import type { KeyView } from "./views.ts";

/** Settings by application, as a user begins with and `settings.reset` returns to. */
export type SettingsDefaults = { readonly [namespace: string]: unknown };

/** What the nouns of the directory share. */
export interface Context {
  store: Store;
  /** The instant, in the stored form. */
  now: () => string;
  hashing: PasswordHashing;
  policy: PasswordPolicy;
  credentials: Credentials;
  lockout: Lockout;
  verifyBudget: VerifyBudget;
  keyView: KeyView;
  settingsDefaults: SettingsDefaults;
  presenceStatuses: PresenceStatuses;
  limits: DirectoryLimits;
  sessionLengths: SessionLengths;
  retention: Retention;
}
