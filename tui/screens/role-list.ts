import type { Role } from "../../protocol/index.ts";
import type { Needs } from "../access.ts";
import type { Column } from "../components/table.tsx";
import type { Page, Stretch } from "../remote-list.ts";
import { type FilterTerms, type ParsedFilter, parseTerms } from "./filter-terms.ts";
import type { ListQuery, ListSort } from "./use-remote-table.tsx";

/** What the keys that act on a role call. */
export const roleNeeds = {
  create: "roles.create",
  edit: "roles.update",
  remove: "roles.delete",
} as const satisfies Needs;

/** A role as a row of a list. */
export type RoleRow = Role & { readonly id: string };

export interface RoleFilter {
  /** In lower case: a part of the name, the description or a permission. */
  text?: string;
}

export const roleSorts: readonly ListSort[] = [
  { by: "name", order: "asc" },
  { by: "assigned", order: "desc" },
  { by: "permissions", order: "desc" },
];

export const roleColumns: readonly Column<RoleRow>[] = [
  { id: "name", title: "Role", width: 18, priority: 6, cell: ({ name }) => name },
  {
    id: "description",
    title: "Description",
    width: 16,
    grow: true,
    priority: 3,
    cell: (role) => role.description,
  },
  {
    id: "permissions",
    title: "Permissions",
    width: 11,
    priority: 4,
    align: "right",
    cell: ({ permissions }) => String(permissions.length),
  },
  {
    id: "assigned",
    title: "Users",
    width: 6,
    priority: 5,
    align: "right",
    cell: ({ assigned }) => String(assigned),
  },
  { id: "builtIn", title: "", width: 8, priority: 1, cell: ({ builtIn }) => (builtIn ? "built in" : "") },
];

const terms: FilterTerms<RoleFilter> = { fields: new Map(), text: (text) => ({ text: text.toLowerCase() }) };

export function parseRoleFilter(line: string): ParsedFilter<RoleFilter> {
  return parseTerms(line, terms);
}

/** The stretch of the roles that is asked for: the daemon neither filters nor sorts them. */
export function roleStretch(
  roles: readonly Role[],
  { filter, sort }: ListQuery<RoleFilter, ListSort>,
  { offset, limit, around }: Stretch,
): Page<RoleRow> {
  const rows = roles
    .filter((role) => filter.text === undefined || textOf(role).includes(filter.text))
    .map((role) => ({ ...role, id: role.name }))
    .sort((a, b) => (sort?.by === "name" ? 0 : rankOf(b, sort) - rankOf(a, sort)));
  const at = around === undefined ? -1 : rows.findIndex(({ id }) => id === around);
  const first = at === -1 ? offset : Math.max(0, at - Math.floor(limit / 2));
  return { offset: first, items: rows.slice(first, first + limit), total: rows.length };
}

function rankOf({ assigned, permissions }: Role, sort: ListSort | undefined): number {
  return sort?.by === "assigned" ? assigned : permissions.length;
}

function textOf({ name, description, permissions }: Role): string {
  return [name, description.toLowerCase(), ...permissions].join("\n").toLowerCase();
}
