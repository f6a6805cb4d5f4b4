import { Permission } from "../../protocol/index.ts";
import { type Problems, problemsOf } from "./problems.ts";
import { permissionsOf, type RoleValues } from "./role-form.ts";

/** The other fields, the count under the permissions and what may be wrong with one of them. */
const OTHER_ROWS = 6;

/** How many permissions a form shows at once in so many rows. */
export function permissionRows(rows: number): number {
  return Math.max(3, rows - OTHER_ROWS);
}

/** As `problemsOf`: only a typed permission can be wrong, so that is where it is said, with its name. */
export function roleProblems(error: Error | null, values: RoleValues): Problems {
  const { permissions, ...rest } = problemsOf(error);
  if (permissions === undefined) return rest;
  const wrong = permissionsOf(values).filter((name) => !Permission.safeParse(name).success);
  return { ...rest, others: wrong.length > 0 ? `${wrong.join(", ")}: write app:name` : permissions };
}
