import type { Role } from "../../protocol/index.ts";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { ReadStretch } from "../remote-list.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useSession } from "../use-session.ts";
import { Frame } from "./frame.tsx";

import {
  parseRoleFilter,
  type RoleFilter,
  type RoleRow,
  roleColumns,
  roleNeeds,
  roleSorts,
  roleStretch,
} from "./role-list.ts";
import { type ListQuery, type ListSort, useRemoteTable } from "./use-remote-table.tsx";
import { useRoleRemoval } from "./use-role-removal.tsx";
import { readRoles } from "./use-roles.ts";

const bindings: readonly BindingId[] = [
  "open",
  "create",
  "edit",
  "holders",
  "matrix",
  "remove",
  "help",
  "back",
  "filter",
  "sort",
  "refresh",
];

/** All roles: what they permit, and how many users have them. */
export function RolesScreen() {
  const session = useSession();
  const navigation = useNavigation();
  const read: ReadStretch<RoleRow, ListQuery<RoleFilter, ListSort>> = async (query, stretch) =>
    roleStretch(await readRoles(session), query, stretch);
  const table = useRemoteTable({
    read,
    // How many have a role changes with the users.
    concerns: ({ type }) => type.startsWith("role.") || type.startsWith("user."),
    parse: parseRoleFilter,
    sorts: roleSorts,
    columns: roleColumns,
    tone: () => "plain",
    nouns: ["role", "roles"],
    placeholder: "part of a name, a description or a permission",
    empty: "No roles.",
  });
  const removal = useRoleRemoval(() => table.list.refresh());
  const role = table.view.current;

  function onKey(event: InputEvent): boolean {
    if (table.onKey(event)) return true;
    if (matches(event, "create"))
      navigation.push({ name: "newRole", onMade: (name) => table.list.select(name) });
    else if (matches(event, "matrix")) navigation.push({ name: "matrix" });
    else return role !== undefined && onRoleKey(event, role);
    return true;
  }

  function onRoleKey(event: InputEvent, role: Role): boolean {
    if (matches(event, "open")) navigation.push({ name: "role", role: role.name });
    else if (matches(event, "holders")) navigation.push({ name: "users", filter: `role:${role.name}` });
    else if (matches(event, "edit")) navigation.push({ name: "editRole", role });
    else if (matches(event, "remove")) removal.begin(role);
    else return false;
    return true;
  }

  return (
    <Frame
      path={["Roles"]}
      bindings={table.bindings(bindings)}
      needs={roleNeeds}
      notice={table.notice ?? removal.notice}
      onKey={onKey}
      dialog={removal.dialog}
    >
      {table.body}
    </Frame>
  );
}
