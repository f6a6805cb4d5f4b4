import type { RoleRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Attempts } from "./attempts.ts";
import { createAudit } from "./audit.ts";
import { createAuth } from "./auth.ts";
import {
  createLoginBudget,
  createVerifyBudget,
  type LoginBudgetSize,
  type VerifyBudgetSize,
} from "./budget.ts";
import type { Context, SettingsDefaults } from "./context.ts";
import { createCredentials } from "./credentials.ts";
import { createKeyChanges } from "./key-changes.ts";
import { createKeyRotation } from "./key-rotation.ts";
import { createKeys } from "./keys.ts";
import { defaultSessionLengths, type SessionLengths } from "./lifetime.ts";
import { type DirectoryLimits, defaultDirectoryLimits } from "./limits.ts";
import { createLockout } from "./lockout.ts";
import { createPasswordHashing, type ScryptCost } from "./password-hashing.ts";
import { createPasswordPolicy } from "./password-policy.ts";
import { createPasswords } from "./passwords.ts";
import { createPresence, defaultPresenceStatuses, type PresenceStatuses } from "./presence.ts";
import { defaultRetention, type Retention } from "./retention.ts";
import { createRoleChanges } from "./role-changes.ts";
import { createRoles, initialRoles } from "./roles.ts";
import { createSessions } from "./sessions.ts";
import { createSettings } from "./settings.ts";
import { createSweep } from "./sweep.ts";
import { createAuditChore } from "./sweep-audit.ts";
import { createKeyChore } from "./sweep-keys.ts";
import { createSessionChore } from "./sweep-sessions.ts";
import { createUserChore } from "./sweep-users.ts";
import { createUserDeletion } from "./user-deletion.ts";
import { createUserExport } from "./user-export.ts";
import { createUserImport } from "./user-import.ts";
import { createUserLifecycle } from "./user-lifecycle.ts";
import { createUsers } from "./users.ts";
import { createVerify } from "./verify.ts";
import { createKeyView } from "./views.ts";

export interface DirectoryParts {
  store: Store;
  /** Milliseconds since the epoch. */
  now: () => number;
  attempts: Attempts;
  /** How many open connections speak for the key of this id. */
  connectionsOf: (keyId: string) => number;
  /** Absent: the default of security.md. */
  scryptCost?: ScryptCost;
  minPasswordLength?: number;
  /** Absent: `{studio: {}, browse: {}}`. */
  settingsDefaults?: SettingsDefaults;
  /** What the presence board offers, a cleared entry's first. Absent: `defaultPresenceStatuses`. */
  presenceStatuses?: PresenceStatuses;
  limits?: DirectoryLimits;
  sessionLengths?: SessionLengths;
  /** Absent: 7 days for deleted users, 90 for ended keys, 365 and 1 GiB for the audit. */
  retention?: Retention;
  /** Failed logins that are let pass in a minute. */
  loginBudget?: LoginBudgetSize;
  /** Passwords and keys that other services presented in vain and that are let pass in a minute. */
  verifyBudget?: VerifyBudgetSize;
}

export type Directory = ReturnType<typeof createDirectory>;

/** The rules: what each call means, whatever carries it and wherever the records lie. */
export function createDirectory(parts: DirectoryParts) {
  const { store, attempts, settingsDefaults = { studio: {}, browse: {} } } = parts;
  const now = () => new Date(parts.now()).toISOString();
  const hashing = createPasswordHashing(parts.scryptCost);
  const policy = createPasswordPolicy(parts.minPasswordLength);
  const keyView = createKeyView(parts.connectionsOf);
  const lockout = createLockout({ store, now });
  const budget = createLoginBudget(parts.loginBudget);
  const credentials = createCredentials({ store, now, attempts, hashing, lockout, budget, keyView });
  const context: Context = {
    store,
    now,
    hashing,
    policy,
    credentials,
    lockout,
    verifyBudget: createVerifyBudget(parts.verifyBudget),
    keyView,
    settingsDefaults,
    presenceStatuses: parts.presenceStatuses ?? defaultPresenceStatuses,
    limits: parts.limits ?? defaultDirectoryLimits,
    sessionLengths: parts.sessionLengths ?? defaultSessionLengths,
    retention: parts.retention ?? defaultRetention,
  };
  const chores = [
    createUserChore(context),
    createKeyChore(context),
    createSessionChore(context),
    createAuditChore(context),
  ];

  return {
    auth: createAuth(context),
    verify: createVerify(context),
    users: {
      ...createUsers(context),
      ...createUserLifecycle(context),
      ...createUserDeletion(context),
      ...createUserImport(context),
      ...createUserExport(context),
    },
    passwords: createPasswords(context),
    keys: { ...createKeys(context), ...createKeyRotation(context), ...createKeyChanges(context) },
    sessions: createSessions(context),
    settings: createSettings(context),
    presence: createPresence(context),
    roles: { ...createRoles(context), ...createRoleChanges(context) },
    audit: createAudit(context),
    /** Journals what time has ended, and removes what has been kept long enough; cheap when there is nothing. */
    sweep: createSweep(store, chores),
    /** How many passwords are being hashed, and wait for it. */
    hashingLoad: hashing.load,
  };
}

/** What a new directory begins with. */
export function initialRecords(): { roles: RoleRecord[] } {
  return { roles: initialRoles() };
}
