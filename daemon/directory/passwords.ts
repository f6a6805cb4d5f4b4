import { invalidParams, type Result, refusal } from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import { actorOf, type Call } from "./caller.ts";
import type { Context } from "./context.ts";
import { invalidCredentials, sessionExpired } from "./credentials.ts";
import type { Lockout } from "./lockout.ts";
import { generatePassword, passwordRejected } from "./password-policy.ts";
import { endSessions } from "./sessions.ts";
import { userSubject } from "./subjects.ts";
import { changeableUser } from "./targets.ts";
import { userView } from "./views.ts";

export function createPasswords({ store, hashing, policy, credentials, lockout }: Context) {
  return {
    /** The session that asks goes on, the others end. */
    async change(call: Call<"users.changePassword">): Promise<Result<"users.changePassword">> {
      const { by } = call;
      const { currentPassword, newPassword } = call.params;
      if (by.kind !== "session") throw sessionExpired();
      const { user } = by;
      if (user.passwordHash !== null) {
        if (currentPassword === undefined) throw currentPasswordMissing();
        const proof = { username: user.username, user, password: currentPassword };
        await credentials.provePassword(proof, actorOf(by));
        assertDiffers(currentPassword, newPassword);
      }
      await policy.check(newPassword, user);
      const passwordHash = await hashing.hash(newPassword);

      await call.change(async (tx, current) => {
        if (current.kind !== "session") throw sessionExpired();
        if (current.user.passwordHash !== user.passwordHash) throw invalidCredentials();
        const next = await setPassword(tx, lockout, current.user, {
          passwordHash,
          mustChangePassword: false,
        });
        await endSessions(tx, next, "passwordChanged", current.session.id);
      });
      return {};
    },

    /** All sessions of the user end; keys survive, as nobody's password is in them. */
    async reset(call: Call<"users.resetPassword">): Promise<Result<"users.resetPassword">> {
      const { user: ref, mustChangePassword, generate } = call.params;
      const target = await changeableUser(store, call.by, ref);
      assertMayHavePassword(target);
      const password = call.params.password ?? generatePassword();
      await policy.check(password, target);
      const passwordHash = await hashing.hash(password);

      await call.change(async (tx, by) => {
        const user = await changeableUser(tx, by, ref);
        const next = await setPassword(tx, lockout, user, { passwordHash, mustChangePassword });
        await endSessions(tx, next, "passwordReset");
      });
      return generate ? { generatedPassword: password } : {};
    },
  };
}

/** Gives a user a password that the policy has let pass, and says so; what ends by that is the caller's to end. */
export async function setPassword(
  tx: Transaction,
  lockout: Lockout,
  user: UserRecord,
  password: { passwordHash: string; mustChangePassword: boolean },
): Promise<UserRecord> {
  const next: UserRecord = {
    ...user,
    ...password,
    passwordChangedAt: tx.at,
    updatedAt: tx.at,
    revision: user.revision + 1,
  };
  tx.put("users", next);
  await lockout.clear(tx, next);
  const view = await userView(tx, next, tx.at);
  tx.entry("user.passwordChanged", userSubject(next), { user: view });
  return next;
}

function assertDiffers(current: string, next: string): void {
  if (current.normalize("NFC") !== next.normalize("NFC")) return;
  throw passwordRejected([{ code: "unchanged", message: "must differ from the current one" }]);
}

/** Throws 422 `invalidState` for a service account. */
export function assertMayHavePassword({ type, username }: UserRecord): void {
  if (type !== "service") return;
  throw refusal("invalidState", `User ${username} is a service account: it works with keys only`);
}

function currentPasswordMissing(): Error {
  return invalidParams([
    { path: ["currentPassword"], code: "required", message: "your current password is needed" },
  ]);
}
