import { type Result, refusal, type UserChanges } from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import { assertAdministratorRemains } from "./administrators.ts";
import type { Call, CallerNow } from "./caller.ts";
import type { Context } from "./context.ts";
import { revokeKey } from "./key-revocation.ts";
import { isLive } from "./lifetime.ts";
import { endSessions } from "./sessions.ts";
import { userSubject } from "./subjects.ts";
import { changeableUser } from "./targets.ts";
import { assertNotOwnAccount, assertRevision, changeUser, type RecordChanges } from "./user-changes.ts";
import { assertNameIsFree, grantable } from "./users.ts";
import { userView } from "./views.ts";

export function createUserLifecycle({ keyView, lockout }: Context) {
  async function setActive(call: Call<"users.enable" | "users.disable">, active: boolean) {
    return call.change(async (tx, by) => {
      const user = await changeableUser(tx, by, call.params.user);
      return userView(tx, await changeUser(tx, by, user, { active }), tx.at);
    });
  }

  return {
    update({ params, change }: Call<"users.update">): Promise<Result<"users.update">> {
      return change(async (tx, by) => {
        const user = await changeableUser(tx, by, params.user);
        const changes = await storedChanges(tx, by, user, params.changes);
        return userView(tx, await changeUser(tx, by, user, changes, params.ifRevision), tx.at);
      });
    },

    enable(call: Call<"users.enable">): Promise<Result<"users.enable">> {
      return setActive(call, true);
    },

    disable(call: Call<"users.disable">): Promise<Result<"users.disable">> {
      return setActive(call, false);
    },

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
        await assertAdministratorRemains(tx, user, deleted);
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
  };
}

/** The changes as they are stored. Throws -32602, 403 `outranked`, 422 and 409 `alreadyExists`. */
export async function storedChanges(
  tx: Transaction,
  by: CallerNow,
  user: UserRecord,
  { roles, ...changes }: UserChanges,
): Promise<RecordChanges> {
  const roleIds = roles && (await grantable(tx, by, roles));
  if (changes.mustChangePassword && user.passwordHash === null) {
    throw refusal("invalidState", `User ${user.username} has no password to change`);
  }
  if (changes.username !== undefined && changes.username !== user.username) {
    await assertNameIsFree(tx, changes.username);
  }
  return { ...changes, ...(roleIds && { roles: roleIds }) };
}
