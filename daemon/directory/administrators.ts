import { refusal } from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Reader } from "../store/store.ts";
import { ADMIN_ROLE } from "./permissions.ts";

/** Whether a change takes an administrator away: then `assertAdministratorRemains` must hold. */
export function isDemotion(before: UserRecord, next: UserRecord): boolean {
  return isAdministrator(before) && !isAdministrator(next);
}

/**
 * There is always an administrator, once one exists. To be asked inside the transaction that demotes one, or two
 * demotions at once would leave none. Throws 409 `lastAdministrator`.
 */
export async function assertAdministratorRemains(reader: Reader, demoted: UserRecord): Promise<void> {
  const holders = await reader.usersWithRole(ADMIN_ROLE);
  if (holders.some((user) => user.id !== demoted.id && isAdministrator(user))) return;
  throw refusal(
    "lastAdministrator",
    `User ${demoted.username} is the only administrator; make another one first (role admin, a password, no end)`,
  );
}

/** The names of those on whom the directory can rely, `most` at most. */
export async function administrators(reader: Reader, most: number): Promise<string[]> {
  const holders = await reader.usersWithRole(ADMIN_ROLE);
  return holders
    .filter(isAdministrator)
    .slice(0, most)
    .map(({ username }) => username);
}

/** What the rules have against records that somebody wrote by hand; null: nothing. */
export async function editProblem(reader: Reader): Promise<string | null> {
  const role = await reader.role(ADMIN_ROLE);
  if (!role?.builtIn || role.name !== ADMIN_ROLE) return `the built-in role ${ADMIN_ROLE} must stay as it is`;
  if ((await reader.countUsers()) === 0 || (await administrators(reader, 1)).length > 0) return null;
  return "no administrator would be left: one who is active, has a password and the role admin, and does not end";
}

/** One on whom the directory can rely: lock-outs do not count, they end by themselves. */
function isAdministrator(user: UserRecord): boolean {
  return (
    user.active &&
    user.deletedAt === null &&
    user.type === "normal" &&
    user.passwordHash !== null &&
    user.validUntil === null &&
    user.roles.includes(ADMIN_ROLE)
  );
}
