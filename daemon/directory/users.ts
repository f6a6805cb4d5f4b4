import { type Result, refusal } from "../../protocol/index.ts";
import type { Reader } from "../store/store.ts";
import type { Call, CallerNow } from "./caller.ts";
import type { Context } from "./context.ts";
import { generatePassword } from "./password-policy.ts";
import { rolePermissions } from "./permissions.ts";
import { assertMayGrant } from "./rank.ts";
import { rolesByName } from "./roles.ts";
import { assertSettingsFit } from "./settings-limits.ts";
import { foundUser } from "./targets.ts";
import { addUser, assertServiceHasNoPassword } from "./user-creation.ts";
import { detailOf } from "./user-detail.ts";
import { userViews } from "./views.ts";

export function createUsers({ store, hashing, policy, settingsDefaults, presenceStatuses, limits }: Context) {
  return {
    async list({ params, by }: Call<"users.list">): Promise<Result<"users.list">> {
      const { offset, limit, around, sort = { by: "username", order: "asc" } } = params;
      const { roles, deleted = false, ...filter } = params.filter ?? {};
      const roleIds = roles && (await rolesByName(store, roles, ["filter", "roles"])).map((role) => role.id);
      const window = await store.queryUsers({
        filter: { ...filter, deleted, ...(roleIds && { roles: roleIds }) },
        sort,
        offset,
        limit,
        ...(around !== undefined && { around }),
        now: by.at,
      });
      const items = await userViews(store, window.items, by.at);
      return { items, total: window.total, offset: window.offset, limit };
    },

    async get({ by, found }: Call<"users.get">): Promise<Result<"users.get">> {
      return detailOf(await store.profile(foundUser(found)), by, presenceStatuses);
    },

    async create(call: Call<"users.create">): Promise<Result<"users.create">> {
      const { username, fullName, settings = settingsDefaults, type, ...rest } = call.params;
      assertServiceHasNoPassword(call.params);
      assertSettingsFit(settings, limits.settingsBytes);
      await grantable(store, call.by, rest.roles);
      const password = rest.generatePassword ? generatePassword() : rest.password;
      if (password !== undefined) await policy.check(password, { username, fullName });
      await assertNameIsFree(store, username);
      const passwordHash = password === undefined ? null : await hashing.hash(password);

      const user = await call.change(async (tx, by) => {
        const roles = await grantable(tx, by, rest.roles);
        await assertNameIsFree(tx, username);
        return addUser(tx, { ...rest, username, fullName, type, roles, passwordHash }, settings);
      });
      return {
        user,
        ...(rest.generatePassword && password !== undefined && { generatedPassword: password }),
      };
    },
  };
}

/** The ids of roles that the caller may give. Throws -32602 for unknown ones and 403 `outranked`. */
export async function grantable(reader: Reader, by: CallerNow, names: readonly string[]): Promise<string[]> {
  const roles = await rolesByName(reader, names, ["roles"]);
  for (const role of roles) assertMayGrant(by, rolePermissions(role));
  return roles.map((role) => role.id).sort();
}

/** Throws 409 `alreadyExists`; a deleted user's name stays taken until the purge. */
export async function assertNameIsFree(reader: Reader, username: string): Promise<void> {
  const holder = await reader.userByName(username);
  if (!holder) return;
  if (holder.deletedAt === null) throw refusal("alreadyExists", `There is already a user ${username}`);
  throw refusal(
    "alreadyExists",
    `The name ${username} is kept for a deleted user; restore or purge it first`,
    {
      deletedUser: holder.id,
    },
  );
}
