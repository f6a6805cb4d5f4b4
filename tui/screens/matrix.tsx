import { Text } from "ink";
import { useState } from "react";
import { ownPermissions, type Role } from "../../protocol/index.ts";
import { windowAround } from "../components/window.ts";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { cut, fitWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { Frame, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { roleNeeds } from "./role-list.ts";
import { useRoles } from "./use-roles.ts";
import { useRows } from "./use-rows.ts";

const bindings: readonly BindingId[] = [
  "nextRole",
  "down",
  "up",
  "open",
  "edit",
  "holders",
  "help",
  "back",
  "refresh",
];
/** Marker, permission, gap. */
const LABEL_CELLS = 24;
const ROLE_CELLS = 11;
/** The names of the roles. */
const CHROME_ROWS = 1;

/** Which role permits what: a row for each permission, a column for each role. */
export function MatrixScreen() {
  const navigation = useNavigation();
  const theme = useTheme();
  const { columns, rows } = useBody();
  const remote = useRoles();
  const roles = remote.data ?? [];
  const permissions = permissionsIn(roles);
  const list = useRows(permissions, rows - CHROME_ROWS, (name) => name);
  const [wanted, setAt] = useState(0);
  const at = Math.max(0, Math.min(wanted, roles.length - 1));
  const fitting = Math.max(1, Math.floor((columns - LABEL_CELLS) / ROLE_CELLS));
  const { start, end } = windowAround(at, roles.length, fitting);
  const shown = roles.slice(start, end);
  const role = roles[at];

  function onKey(event: InputEvent): boolean {
    if (matches(event, "nextRole")) setAt(Math.min(at + 1, roles.length - 1));
    else if (matches(event, "previousRole")) setAt(Math.max(0, at - 1));
    else if (matches(event, "refresh")) remote.refresh();
    else if (role && matches(event, "open")) navigation.push({ name: "role", role: role.name });
    else if (role && matches(event, "edit")) navigation.push({ name: "editRole", role });
    else if (role && matches(event, "holders"))
      navigation.push({ name: "users", filter: `role:${role.name}` });
    else return list.onKey(event);
    return true;
  }

  const corner = `  ${at + 1} of ${roles.length} roles`;
  return (
    <Frame
      path={["Roles", "Permissions"]}
      bindings={bindings}
      needs={roleNeeds}
      notice={remote.error ? { text: remote.error.message, tone: "danger" } : undefined}
      onKey={onKey}
    >
      {remote.loading && <Loading />}
      {remote.data && (
        <Text wrap="truncate" {...theme.muted}>
          {fitWidth(corner, LABEL_CELLS)}
          {shown.map((each) => (
            <Text key={each.name} {...(each === role ? theme.selected : theme.muted)}>
              {fitWidth(`${each === role ? theme.marker : " "}${each.name}`, ROLE_CELLS)}
            </Text>
          ))}
        </Text>
      )}
      {list.rows.map((permission, row) => {
        const selected = list.offset + row === list.selected;
        const label = fitWidth(`${selected ? theme.marker : " "} ${permission}`, LABEL_CELLS);
        const style = selected ? theme.selected : remote.stale ? theme.muted : theme.plain;
        return (
          <Text key={permission} {...style}>
            {cut(label + shown.map((each) => cellOf(each, permission)).join(""), columns)}
          </Text>
        );
      })}
    </Frame>
  );
}

/** Roster's own permissions in their order, then the applications' that roles have. */
function permissionsIn(roles: readonly Role[]): string[] {
  const held = [...new Set(roles.flatMap(({ permissions }) => permissions))].sort();
  return [...new Set([...ownPermissions, ...held])];
}

function cellOf({ permissions }: Role, permission: string): string {
  return fitWidth(permissions.includes(permission) ? " yes" : " -", ROLE_CELLS);
}
