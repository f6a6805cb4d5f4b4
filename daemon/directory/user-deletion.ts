import type { Result } from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import { assertAdministratorRemains, isDemotion } from "./administrators.ts";
import type { Call } from "./caller.ts";
import type { Context } from "./context.ts";
import { revokeKey } from "./key-revocation.ts";
import { isLive } from "./lifetime.ts";
import type { Lockout } from "./lockout.ts";
import { endSessions } from "./sessions.ts";
import { userSubject } from "./subjects.ts";
import { changeableUser, deletedUser } from "./targets.ts";
import { assertNotOwnAccount, assertRevision } from "./user-changes.ts";
import { userView } from "./views.ts";

export function createUserDeletion({ keyView, lockout }: Context) {
  return {
    /** Sessions end and keys are revoked now; the rest stays for a restore. */
    delete({ params, change }: Call<"users.delete">): Promise<Result<"users.delete">> {
      return change(async (tx, by) => {
        const user = await changeableUser(tx, by, params.user);
        const deleted: UserRecord = {
          ...user,
          deletedAt: tx.at,
          updatedAt: tx.at,
          revision: user.revision + 1,
        };
        assertNotOwnAccount(by, user, "delete");
        if (isDemotion(user, deleted)) await assertAdministratorRemains(tx, user);
        assertRevision(`User ${user.username}`, user.revision, params.ifRevision);

        tx.put("users", deleted);
        tx.delete("presence", deleted.id);
        await lockout.clear(tx, deleted);
        await endSessions(tx, deleted, "userDeleted");
        for (const key of await tx.keysOf(deleted.id)) {
          if (isLive(key, tx.at)) await revokeKey(tx, key, "The user was deleted", keyView);
        }
        const view = await userView(tx, deleted, tx.at);
        tx.entry("user.deleted", userSubject(deleted), { user: view });
        return view;
      });
    },

    /** The account comes back disabled: whoever takes it back looks first at what it may do. */
    restore({ params, change }: Call<"users.restore">): Promise<Result<"users.restore">> {
      return change(async (tx, by) => {
        const user = await deletedUser(tx, by, params.user);
        const restored: UserRecord = {
          ...user,
          active: false,
          deletedAt: null,
          updatedAt: tx.at,
          revision: user.revision + 1,
        };
        tx.put("users", restored);
        const view = await userView(tx, restored, tx.at);
        tx.entry("user.restored", userSubject(restored), { user: view });
        return view;
      });
    },

    purge({ params, change }: Call<"users.purge">): Promise<Result<"users.purge">> {
      return change(async (tx, by) => {
        await purgeUser(tx, await deletedUser(tx, by, params.user), lockout);
        return {};
      });
    },
  };
}

/** Removes a deleted user with all that is theirs; the name is free again. */
export async function purgeUser(tx: Transaction, user: UserRecord, lockout: Lockout): Promise<void> {
  await lockout.clear(tx, user);
  for (const { id } of await tx.keysOf(user.id)) tx.delete("keys", id);
  for (const { id } of await tx.sessionsOf(user.id)) tx.delete("sessions", id);
  tx.delete("settings", user.id);
  tx.delete("users", user.id);
  tx.entry("user.purged", userSubject(user));
}
