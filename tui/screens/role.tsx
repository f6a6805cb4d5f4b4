import { Text } from "ink";
import type { Role } from "../../protocol/index.ts";
import { type BindingId, matches } from "../keymap.ts";
import { useNavigation } from "../navigation.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { fitWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useRemote } from "../use-remote.ts";
import { Frame, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { roleNeeds } from "./role-list.ts";
import { useRoleRemoval } from "./use-role-removal.tsx";
import { useRoles } from "./use-roles.ts";
import { useScroll } from "./use-scroll.ts";

const bindings: readonly BindingId[] = ["edit", "holders", "remove", "help", "back", "down", "up", "refresh"];
const LABEL_CELLS = 18;
const NAME_CELLS = 24;

/** One role, permission by permission. */
export function RoleScreen({ role: name }: { role: string }) {
  const navigation = useNavigation();
  const theme = useTheme();
  const { columns, rows } = useBody();
  const roles = useRoles();
  const known = useRemote("roles.permissions", {}, ({ type }) => type.startsWith("role."));
  const removal = useRoleRemoval(navigation.done);
  const role = roles.data?.find((each) => each.name === name);
  const descriptions = new Map(known.data?.permissions.map((each) => [each.name, each.description]));
  const lines = role ? linesOf(role, descriptions, columns) : [];
  const scroll = useScroll(lines.length, rows);

  function onKey(event: InputEvent): boolean {
    if (matches(event, "refresh")) roles.refresh();
    else if (role && matches(event, "edit")) navigation.done({ name: "editRole", role });
    else if (role && matches(event, "holders")) navigation.push({ name: "users", filter: `role:${name}` });
    else if (role && matches(event, "remove")) removal.begin(role);
    else return scroll.onKey(event);
    return true;
  }

  const gone =
    roles.data && !role ? `There is no role ${name} any more: deleted, or it has another name` : undefined;
  const failure = roles.error?.message ?? gone;
  return (
    <Frame
      path={["Roles", name]}
      bindings={role ? bindings : ["back", "refresh"]}
      needs={roleNeeds}
      notice={failure ? { text: failure, tone: "danger" } : removal.notice}
      onKey={onKey}
      dialog={removal.dialog}
    >
      {roles.loading && <Loading />}
      {lines.slice(scroll.top, scroll.top + rows).map((text, row) => {
        const line = scroll.top + row;
        return (
          <Text key={line} {...(roles.stale ? theme.muted : theme.plain)}>
            {text}
          </Text>
        );
      })}
    </Frame>
  );
}

function linesOf(role: Role, descriptions: ReadonlyMap<string, string>, width: number): string[] {
  const pair = (label: string, value: string, cells = LABEL_CELLS) =>
    fitWidth(fitWidth(label, cells) + value, width);
  return [
    pair("Role", role.name),
    pair("Description", role.description || "-"),
    pair("Users", `${role.assigned.toLocaleString("en")}, deleted ones counted`),
    pair("Built in", role.builtIn ? "yes" : "no"),
    pair("Revision", String(role.revision)),
    pair("Permissions", role.permissions.length === 0 ? "none" : String(role.permissions.length)),
    ...role.permissions.map((each) => pair(`  ${each}`, descriptions.get(each) ?? "", NAME_CELLS)),
  ];
}
