import { useState } from "react";
import { ProtocolError, type UserDetail } from "../../protocol/index.ts";
import { Form } from "../components/form.tsx";
import { useNavigation, useUnsaved } from "../navigation.ts";
import { undoStep, useUndo } from "../undo.ts";
import { useAction } from "../use-action.ts";
import { useSession, useSessionSnapshot } from "../use-session.ts";
import { Conflict } from "./conflict.tsx";
import { choiceBindings, Frame, formBindings, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { checked, messageOf, problemsOf } from "./problems.ts";
import { useRoles } from "./use-roles.ts";
import { changesOf, differencesOf, differing, type UserValues, userFields, valuesOf } from "./user-form.ts";

/** Change a user; nothing that somebody else changed meanwhile is overwritten unasked. */
export function EditUser({ user }: { user: UserDetail }) {
  const session = useSession();
  const navigation = useNavigation();
  const undo = useUndo();
  const { principal } = useSessionSnapshot();
  const { columns, rows } = useBody();
  const action = useAction();
  const roles = useRoles();
  const [base, setBase] = useState(user);
  const [typed, setTyped] = useState(() => valuesOf(user));
  const [problem, setProblem] = useState<string | null>(null);
  const [theirs, setTheirs] = useState<UserDetail | null>(null);
  const dirty = differing(valuesOf(base), typed).length > 0;
  useUnsaved(dirty ? `the changes to ${user.username}` : null);

  /** Saves what differs from `against`, as long as that is still the current version. */
  const save = (values: UserValues, against: UserDetail) => {
    const outcome = changesOf(valuesOf(against), values, Date.now());
    setProblem("problem" in outcome ? outcome.problem : null);
    if ("problem" in outcome) return;
    if (Object.keys(outcome.changes).length === 0) return navigation.done();
    void action.run(async () => {
      try {
        const params = { user: user.id, changes: outcome.changes, ifRevision: against.revision };
        const saved = await session.call("users.update", checked("users.update", params));
        undo.note({ what: `the changes to ${saved.username}`, steps: [undoStep(against, saved)] });
        navigation.done();
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.reason !== "revisionMismatch") throw error;
        setTheirs(await session.call("users.get", { user: user.id }));
      }
    });
  };

  const error = action.error ?? roles.error;
  const wrong = problem ?? (error && messageOf(error));
  return (
    <Frame
      path={["Users", user.username, "Edit"]}
      bindings={formBindings}
      notice={wrong ? { text: wrong, tone: "danger" } : undefined}
      dialogBindings={choiceBindings}
      dialog={
        theirs && (
          <Conflict
            subject={base.username}
            differences={differencesOf(valuesOf(base), typed, valuesOf(theirs))}
            keepMine="Save what I changed over it; the rest stays theirs"
            width={columns}
            height={rows}
            onKeepMine={() => {
              setTheirs(null);
              setBase(theirs);
              save(merged(valuesOf(base), typed, valuesOf(theirs)), theirs);
            }}
            onTakeTheirs={() => navigation.done()}
            onGoOn={() => setTheirs(null)}
          />
        )
      }
    >
      {roles.data ? (
        <Form
          fields={userFields(principal, roles.data)}
          initial={valuesOf(user)}
          width={columns}
          height={rows}
          problems={{ ...problemsOf(action.error), ...(problem && { validUntil: problem }) }}
          active={!action.running && theirs === null}
          onChange={(values) => setTyped(values)}
          onSubmit={(values) => save(values, base)}
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
