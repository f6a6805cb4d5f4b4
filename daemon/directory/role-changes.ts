import { type Result, type RoleChanges, refusal } from "../../protocol/index.ts";
import type { RoleRecord } from "../store/records.ts";
import type { Reader } from "../store/store.ts";
import type { Call } from "./caller.ts";
import type { Context } from "./context.ts";
import { newId } from "./ids.ts";
import { ADMIN_ROLE } from "./permissions.ts";
import { assertMayGrant, assertOutranksHolders } from "./rank.ts";
import { roleSubject } from "./subjects.ts";
import { targetRole } from "./targets.ts";
import { assertRevision } from "./user-changes.ts";
import { roleView } from "./views.ts";

/** Users have roles by id, so a renamed one is still theirs. */
export function createRoleChanges({ limits }: Context) {
  return {
    create({ params, change }: Call<"roles.create">): Promise<Result<"roles.create">> {
      return change(async (tx, by) => {
        assertMayGrant(by, params.permissions);
        await assertRoomForRole(tx, limits.roles);
        await assertRoleNameIsFree(tx, params.name);
        const role: RoleRecord = { id: newId(tx.at), ...params, builtIn: false, revision: 1 };
        tx.put("roles", role);
        const view = await roleView(tx, role);
        tx.entry("role.created", roleSubject(role), { role: view });
        return view;
      });
    },

    update({ params, change }: Call<"roles.update">): Promise<Result<"roles.update">> {
      return change(async (tx, by) => {
        const role = await targetRole(tx, params.name);
        const next: RoleRecord = { ...role, ...params.changes, revision: role.revision + 1 };
        await assertOutranksHolders(tx, by, role);
        assertMayGrant(by, added(role, next));
        assertChangeable(role);
        if (next.name !== role.name) await assertRoleNameIsFree(tx, next.name);
        assertRevision(`Role ${role.name}`, role.revision, params.ifRevision);
        const changed = differing(role, params.changes);
        if (changed.length === 0) return roleView(tx, role);

        tx.put("roles", next);
        const view = await roleView(tx, next);
        tx.entry("role.updated", roleSubject(next), { role: view, changed });
        return view;
      });
    },

    delete({ params, change }: Call<"roles.delete">): Promise<Result<"roles.delete">> {
      return change(async (tx) => {
        const role = await targetRole(tx, params.name);
        assertChangeable(role);
        const view = await roleView(tx, role);
        if (view.assigned > 0) throw inUse(role, view.assigned);
        tx.delete("roles", role.id);
        tx.entry("role.deleted", roleSubject(role), { role: view });
        return view;
      });
    },
  };
}

function assertChangeable({ id, name }: RoleRecord): void {
  if (id !== ADMIN_ROLE) return;
  throw refusal("invalidState", `Role ${name} holds everything and can be neither changed nor deleted`);
}

async function assertRoleNameIsFree(reader: Reader, name: string): Promise<void> {
  if (await reader.roleByName(name)) throw refusal("alreadyExists", `There is already a role ${name}`);
}

async function assertRoomForRole(reader: Reader, most: number): Promise<void> {
  if ((await reader.roles()).length < most) return;
  throw refusal("invalidState", `There are ${most} roles; delete one first`);
}

function inUse({ name }: RoleRecord, count: number): Error {
  const users = count === 1 ? "1 user has" : `${count} users have`;
  return refusal("inUse", `${users} the role ${name}, deleted ones included; take it from them first`, {
    count,
  });
}

function added(before: RoleRecord, next: RoleRecord): string[] {
  return next.permissions.filter((permission) => !before.permissions.includes(permission));
}

function differing(role: RoleRecord, changes: RoleChanges): string[] {
  const fields = Object.keys(changes) as (keyof RoleChanges)[];
  return fields
    .filter((field) => changes[field] !== undefined && String(changes[field]) !== String(role[field]))
    .sort();
}
