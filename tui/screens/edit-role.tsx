import { type Role, refusal } from "../../protocol/index.ts";
import { Form } from "../components/form.tsx";
import { useNavigation } from "../navigation.ts";
import { useRemote } from "../use-remote.ts";
import { useSession, useSessionSnapshot } from "../use-session.ts";
import { choiceBindings, Frame, formBindings, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { checked, messageOf } from "./problems.ts";
import {
  mergedRole,
  type RoleValues,
  roleChanges,
  roleDifferences,
  roleFields,
  roleValues,
} from "./role-form.ts";
import { permissionRows, roleProblems } from "./role-problems.ts";
import { useGuardedEdit } from "./use-guarded-edit.tsx";
import { readRoles } from "./use-roles.ts";

/** Change a role for all who have it; nothing that somebody else changed meanwhile is overwritten unasked. */
export function EditRole({ role }: { role: Role }) {
  const session = useSession();
  const navigation = useNavigation();
  const { principal } = useSessionSnapshot();
  const { columns, rows } = useBody();
  const known = useRemote("roles.permissions", {}, ({ type }) => type.startsWith("role."));
  const edit = useGuardedEdit<Role, RoleValues>({
    version: role,
    subject: role.name,
    valuesOf: roleValues,
    differ: (one, other) => Object.keys(roleChanges(one, other)).length > 0,
    differences: roleDifferences,
    merge: mergedRole,
    save,
    read,
    onTakeTheirs: show,
  });

  /** In place of this screen, for the name may be another now. */
  function show({ name }: Role): void {
    navigation.done({ name: "role", role: name });
  }

  async function save(values: RoleValues, against: Role): Promise<void> {
    const changes = roleChanges(roleValues(against), values);
    if (Object.keys(changes).length === 0) return show(against);
    const params = { name: against.name, changes, ifRevision: against.revision };
    show(await session.call("roles.update", checked("roles.update", params)));
  }

  async function read({ name }: Role): Promise<Role> {
    const now = (await readRoles(session)).find((each) => each.name === name);
    if (!now) throw refusal("notFound", `There is no role ${name} any more`);
    return now;
  }

  const error = edit.action.error ?? known.error;
  return (
    <Frame
      path={["Roles", role.name, "Edit"]}
      bindings={formBindings}
      notice={error ? { text: messageOf(error), tone: "danger" } : undefined}
      dialogBindings={choiceBindings}
      dialog={edit.dialog}
    >
      {known.data ? (
        <Form
          fields={roleFields(known.data.permissions, principal, permissionRows(rows))}
          initial={roleValues(role)}
          width={columns}
          height={rows}
          problems={roleProblems(edit.action.error, edit.typed)}
          active={edit.active}
          onChange={edit.change}
          onSubmit={edit.submit}
          onCancel={navigation.back}
        />
      ) : (
        <Loading keysWait />
      )}
    </Frame>
  );
}
