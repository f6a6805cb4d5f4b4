import { useState } from "react";
import type { UserDetail } from "../../protocol/index.ts";
import { Form } from "../components/form.tsx";
import { useNavigation } from "../navigation.ts";
import { undoStep, useUndo } from "../undo.ts";
import { useSession, useSessionSnapshot } from "../use-session.ts";
import { choiceBindings, Frame, formBindings, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { checked, messageOf, problemsOf } from "./problems.ts";
import { useGuardedEdit } from "./use-guarded-edit.tsx";
import { useRoles } from "./use-roles.ts";
import { changesOf, differencesOf, differing, type UserValues, userFields, valuesOf } from "./user-form.ts";

/** Edit a user; nothing that somebody else changed meanwhile is overwritten unasked. */
export function EditUser({ user }: { user: UserDetail }) {
  const session = useSession();
  const navigation = useNavigation();
  const undo = useUndo();
  const { principal } = useSessionSnapshot();
  const { columns, rows } = useBody();
  const roles = useRoles();
  const [problem, setProblem] = useState<string | null>(null);
  const edit = useGuardedEdit<UserDetail, UserValues>({
    version: user,
    subject: user.username,
    valuesOf,
    differ: (one, other) => differing(one, other).length > 0,
    differences: differencesOf,
    merge: merged,
    save,
    read: () => session.call("users.get", { user: user.id }),
    onTakeTheirs: () => navigation.done(),
  });

  async function save(values: UserValues, against: UserDetail): Promise<void> {
    const outcome = changesOf(valuesOf(against), values, Date.now());
    setProblem("problem" in outcome ? outcome.problem : null);
    if ("problem" in outcome) return;
    if (Object.keys(outcome.changes).length === 0) return navigation.done();
    const params = { user: user.id, changes: outcome.changes, ifRevision: against.revision };
    const saved = await session.call("users.update", checked("users.update", params));
    undo.note({ what: `the changes to ${saved.username}`, steps: [undoStep(against, saved)] });
    navigation.done();
  }

  const error = edit.action.error ?? roles.error;
  const wrong = problem ?? (error && messageOf(error));
  return (
    <Frame
      path={["Users", user.username, "Edit"]}
      bindings={formBindings}
      notice={wrong ? { text: wrong, tone: "danger" } : undefined}
      dialogBindings={choiceBindings}
      dialog={edit.dialog}
    >
      {roles.data ? (
        <Form
          fields={userFields(principal, roles.data)}
          initial={valuesOf(user)}
          width={columns}
          height={rows}
          problems={{ ...problemsOf(edit.action.error), ...(problem && { validUntil: problem }) }}
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

/** Their version with what I changed put on top: what I left alone stays as they have it. */
function merged(base: UserValues, mine: UserValues, theirs: UserValues): UserValues {
  const changed = differing(base, mine).map((field) => [field, mine[field]]);
  return { ...theirs, ...Object.fromEntries(changed) };
}
