import { type Actor, refusal } from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Reader, Store, Transaction } from "../store/store.ts";
import { administrators } from "./administrators.ts";
import { resolveCaller } from "./caller.ts";
import type { Context } from "./context.ts";
import { createLockout } from "./lockout.ts";
import type { PasswordHashing } from "./password-hashing.ts";
import { generatePassword } from "./password-policy.ts";
import { assertMayHavePassword, setPassword } from "./passwords.ts";
import { ADMIN_ROLE } from "./permissions.ts";
import { endSessions } from "./sessions.ts";
import { userSubject } from "./subjects.ts";
import { findUser } from "./targets.ts";
import { changeUser } from "./user-changes.ts";
import { addUser } from "./user-creation.ts";
import { userView } from "./views.ts";

export interface RecoveryParts {
  store: Store;
  /** The instant, in the stored form. */
  now: () => string;
  hashing: PasswordHashing;
  settingsDefaults: Context["settingsDefaults"];
}

export interface Recovery {
  /** Normalised. */
  username: string;
  /** Make the account if there is none of this name. */
  create: boolean;
}

/** Leaves the daemon once. */
export interface RecoveredAdministrator {
  created: boolean;
  generatedPassword: string;
}

/**
 * Makes the account an administrator that can sign in, whatever kept it from that, with a new password that must be
 * changed at first use. Its sessions end, its keys stay as they are.
 *
 * Throws 404 `notFound` when there is no such account and none is to be made, 422 `invalidState` for a service account.
 */
export async function recoverAdministrator(
  { store, now, hashing, settingsDefaults }: RecoveryParts,
  actor: Actor,
  { username, create }: Recovery,
): Promise<RecoveredAdministrator> {
  const lockout = createLockout({ store, now });
  const generatedPassword = generatePassword();
  const passwordHash = await hashing.hash(generatedPassword);
  const created = await store.transaction(actor, async (tx) => {
    const found = await findUser(tx, username);
    if (!found) {
      if (!create) throw await noSuchUser(tx, username);
      await addUser(tx, newAdministrator(username, passwordHash), settingsDefaults);
      return true;
    }
    assertMayHavePassword(found);
    const user = await raise(tx, await undelete(tx, found));
    const password = { passwordHash, mustChangePassword: true };
    await endSessions(tx, await setPassword(tx, lockout, user, password), "passwordReset");
    return false;
  });
  return { created, generatedPassword };
}

async function undelete(tx: Transaction, user: UserRecord): Promise<UserRecord> {
  if (user.deletedAt === null) return user;
  const restored = { ...user, deletedAt: null, updatedAt: tx.at, revision: user.revision + 1 };
  tx.put("users", restored);
  tx.entry("user.restored", userSubject(restored), { user: await userView(tx, restored, tx.at) });
  return restored;
}

async function raise(tx: Transaction, user: UserRecord): Promise<UserRecord> {
  const by = await resolveCaller(tx, { kind: "local", address: null, client: null }, tx.at);
  if (!by) throw new Error("The operator is always there");
  const roles = [...new Set([...user.roles, ADMIN_ROLE])].sort();
  return (await changeUser(tx, by, user, { active: true, roles, validUntil: null })).user;
}

function newAdministrator(username: string, passwordHash: string): Parameters<typeof addUser>[1] {
  return {
    username,
    fullName: "",
    type: "normal",
    roles: [ADMIN_ROLE],
    active: true,
    passwordHash,
    validUntil: null,
    theme: "default",
    presence: true,
  };
}

const MOST_NAMED = 10;

async function noSuchUser(reader: Reader, username: string): Promise<Error> {
  const names = await administrators(reader, MOST_NAMED);
  const others = names.length > 0 ? ` The administrators are ${names.join(", ")}.` : "";
  return refusal("notFound", `There is no user ${username}.${others} --create makes a new administrator`);
}
