import type { Role } from "../../protocol/index.ts";
import type { Session } from "../session.ts";
import { type Remote, useReading } from "../use-remote.ts";
import { useSession } from "../use-session.ts";

/** The daemon's limit for a page. */
const PAGE = 500;

/** All roles, by name; live. */
export function useRoles(): Remote<Role[]> {
  const session = useSession();
  return useReading(
    "roles",
    () => readRoles(session),
    // How many have a role changes with the users.
    ({ type }) => type.startsWith("role.") || type.startsWith("user."),
  );
}

/** All roles, by name; a directory has 1,000 of them at most unless it is configured otherwise. */
export async function readRoles(session: Session): Promise<Role[]> {
  const roles: Role[] = [];
  for (;;) {
    const { items, total } = await session.call("roles.list", { offset: roles.length, limit: PAGE });
    roles.push(...items);
    if (items.length === 0 || roles.length >= total) return roles;
  }
}
