import {
  builtInRoles,
  invalidParams,
  ownPermissions,
  permissionDescriptions,
  type Result,
} from "../../protocol/index.ts";
import type { RoleRecord } from "../store/records.ts";
import type { Reader } from "../store/store.ts";
import type { Call } from "./caller.ts";
import type { Context } from "./context.ts";
import { rolePermissions } from "./permissions.ts";
import { roleView } from "./views.ts";

export function createRoles({ store }: Context) {
  return {
    async list({ params }: Call<"roles.list">): Promise<Result<"roles.list">> {
      const { offset, limit } = params;
      const roles = await store.roles();
      const items = [];
      for (const role of roles.slice(offset, offset + limit)) items.push(await roleView(store, role));
      return { items, total: roles.length, offset, limit };
    },

    async permissions(): Promise<Result<"roles.permissions">> {
      const inUse = (await store.roles()).flatMap(rolePermissions);
      const applications = [...new Set(inUse)]
        .filter((name) => !Object.hasOwn(permissionDescriptions, name))
        .sort();
      return {
        permissions: [
          ...ownPermissions.map((name) => ({ name, description: permissionDescriptions[name] })),
          ...applications.map((name) => ({ name, description: "An application's own" })),
        ],
      };
    },
  };
}

/**
 * The roles of these names, each once. Throws -32602 with the path of every name that is no role's; `path` says
 * where the names stand in the parameters.
 */
export async function rolesByName(
  reader: Reader,
  names: readonly string[],
  path: readonly string[],
): Promise<RoleRecord[]> {
  const roles = new Set<RoleRecord>();
  const issues = [];
  for (const [index, name] of names.entries()) {
    const role = await reader.roleByName(name);
    if (role) roles.add(role);
    else issues.push({ path: [...path, index], code: "unknownRole", message: `there is no role ${name}` });
  }
  if (issues.length > 0) throw invalidParams(issues);
  return [...roles];
}

/** What a new store begins with. */
export function initialRoles(): RoleRecord[] {
  return builtInRoles.map(({ name, description, permissions }) => ({
    id: name,
    name,
    description,
    permissions: [...permissions].sort(),
    builtIn: true,
    revision: 1,
  }));
}
