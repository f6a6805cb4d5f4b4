import { useState } from "react";
import { ProtocolError, type Role, refusal } from "../../protocol/index.ts";
import { Form } from "../components/form.tsx";
import { useNavigation, useUnsaved } from "../navigation.ts";
import { useAction } from "../use-action.ts";
import { useRemote } from "../use-remote.ts";
import { useSession, useSessionSnapshot } from "../use-session.ts";
import { Conflict } from "./conflict.tsx";
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
import { readRoles } from "./use-roles.ts";

/** Change a role for all who have it; nothing that somebody else changed meanwhile is overwritten unasked. */
export function EditRole({ role }: { role: Role }) {
  const session = useSession();
  const navigation = useNavigation();
  const { principal } = useSessionSnapshot();
  const { columns, rows } = useBody();
  const action = useAction();
  const known = useRemote("roles.permissions", {}, ({ type }) => type.startsWith("role."));
  const [base, setBase] = useState(role);
  const [typed, setTyped] = useState(() => roleValues(role));
  const [theirs, setTheirs] = useState<Role | null>(null);
  const dirty = Object.keys(roleChanges(roleValues(base), typed)).length > 0;
  useUnsaved(dirty ? `the changes to ${role.name}` : null);

  /** In place of this screen, for the name may be another now. */
  const show = ({ name }: Role) => navigation.done({ name: "role", role: name });

  /** Saves what differs from `against`, as long as that is still the current version. */
  const save = (values: RoleValues, against: Role) => {
    const changes = roleChanges(roleValues(against), values);
    if (Object.keys(changes).length === 0) return show(against);
    void action.run(async () => {
      try {
        const params = { name: against.name, changes, ifRevision: against.revision };
        show(await session.call("roles.update", checked("roles.update", params)));
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.reason !== "revisionMismatch") throw error;
        setTheirs(await current(against.name));
      }
    });
  };

  async function current(name: string): Promise<Role> {
    const now = (await readRoles(session)).find((each) => each.name === name);
    if (!now) throw refusal("notFound", `There is no role ${name} any more`);
    return now;
  }

  const error = action.error ?? known.error;
  return (
    <Frame
      path={["Roles", role.name, "Edit"]}
      bindings={formBindings}
      notice={error ? { text: messageOf(error), tone: "danger" } : undefined}
      dialogBindings={choiceBindings}
      dialog={
        theirs && (
          <Conflict
            subject={base.name}
            differences={roleDifferences(roleValues(base), typed, roleValues(theirs))}
            keepMine="Save what I changed over it; the rest stays theirs"
            width={columns}
            height={rows}
            onKeepMine={() => {
              setTheirs(null);
              setBase(theirs);
              save(mergedRole(roleValues(base), typed, roleValues(theirs)), theirs);
            }}
            onTakeTheirs={() => show(theirs)}
            onGoOn={() => setTheirs(null)}
          />
        )
      }
    >
      {known.data ? (
        <Form
          fields={roleFields(known.data.permissions, principal, permissionRows(rows))}
          initial={roleValues(role)}
          width={columns}
          height={rows}
          problems={roleProblems(action.error, typed)}
          active={!action.running && theirs === null}
          onChange={setTyped}
          onSubmit={(values) => save(values, base)}
          onCancel={navigation.back}
        />
      ) : (
        <Loading keysWait />
      )}
    </Frame>
  );
}
