import { type Result, refusal, type UserChanges } from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import type { Call, CallerNow } from "./caller.ts";
import type { Context } from "./context.ts";
import { userSubject } from "./subjects.ts";
import { assertChangeable, changeableUser, foundUser } from "./targets.ts";
import { changeUser, type RecordChanges } from "./user-changes.ts";
import { assertNameIsFree, grantable } from "./users.ts";
import { userView } from "./views.ts";

export function createUserLifecycle({ lockout }: Pick<Context, "lockout">) {
  async function setActive(call: Call<"users.enable" | "users.disable">, active: boolean) {
    return call.change(async (tx, by, found) => {
      const user = foundUser(found);
      assertChangeable(await tx.rolesOf(user), by, user);
      const { view } = await changeUser(tx, by, user, { active });
      return view;
    });
  }

  return {
    update({ params, change }: Call<"users.update">): Promise<Result<"users.update">> {
      return change(async (tx, by, found) => {
        const user = foundUser(found);
        assertChangeable(await tx.rolesOf(user), by, user);
        const changes = await storedChanges(tx, by, user, params.changes);
        const { view } = await changeUser(tx, by, user, changes, params.ifRevision);
        return view;
      });
    },

    enable(call: Call<"users.enable">): Promise<Result<"users.enable">> {
      return setActive(call, true);
    },

    disable(call: Call<"users.disable">): Promise<Result<"users.disable">> {
      return setActive(call, false);
    },

    /** Forgets the wrong passwords, and with them the delay. */
    unlock({ params, change }: Call<"users.unlock">): Promise<Result<"users.unlock">> {
      return change(async (tx, by) => {
        const user = await changeableUser(tx, by, params.user);
        const wasCounted = await lockout.clear(tx, user);
        const view = await userView(tx, user, tx.at);
        if (wasCounted) tx.entry("user.unlocked", userSubject(user), { user: view });
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
