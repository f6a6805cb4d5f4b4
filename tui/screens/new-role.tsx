import { useState } from "react";
import { Form } from "../components/form.tsx";
import { useNavigation, useUnsaved } from "../navigation.ts";
import { useAction } from "../use-action.ts";
import { useRemote } from "../use-remote.ts";
import { useSession, useSessionSnapshot } from "../use-session.ts";
import { Frame, formBindings, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { checked, messageOf } from "./problems.ts";
import { emptyRole, permissionsOf, type RoleValues, roleFields } from "./role-form.ts";
import { permissionRows, roleProblems } from "./role-problems.ts";

/** Make a role of permissions that one may grant. */
export function NewRole({ onMade }: { onMade?(name: string): void }) {
  const session = useSession();
  const navigation = useNavigation();
  const { principal } = useSessionSnapshot();
  const { columns, rows } = useBody();
  const action = useAction();
  const known = useRemote("roles.permissions", {}, ({ type }) => type.startsWith("role."));
  const [typed, setTyped] = useState(emptyRole);
  useUnsaved(JSON.stringify(typed) === JSON.stringify(emptyRole) ? null : "the new role");

  const submit = (values: RoleValues) =>
    void action.run(async () => {
      const { name, description } = values;
      const params = checked("roles.create", { name, description, permissions: permissionsOf(values) });
      const role = await session.call("roles.create", params);
      onMade?.(role.name);
      navigation.done({ name: "role", role: role.name });
    });

  const error = action.error ?? known.error;
  return (
    <Frame
      path={["Roles", "New role"]}
      bindings={formBindings}
      notice={error ? { text: messageOf(error), tone: "danger" } : undefined}
    >
      {known.data ? (
        <Form
          fields={roleFields(known.data.permissions, principal, permissionRows(rows))}
          initial={emptyRole}
          width={columns}
          height={rows}
          problems={roleProblems(action.error, typed)}
          active={!action.running}
          onChange={setTyped}
          onSubmit={submit}
          onCancel={navigation.back}
        />
      ) : (
        <Loading keysWait />
      )}
    </Frame>
  );
}
