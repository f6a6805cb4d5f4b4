import { useState } from "react";
import type { PresenceEntry } from "../../protocol/index.ts";
import { parseTime, timeText } from "../components/date-time.ts";
import { Form, type FormField } from "../components/form.tsx";
import { useNavigation, useUnsaved } from "../navigation.ts";
import { useAction } from "../use-action.ts";
import { useRemote } from "../use-remote.ts";
import { useSession } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { checked, problemsOf } from "./problems.ts";

type Values = { status: string; message: string; returnAt: string };

/** Say where somebody is, and when they are back. */
export function SetPresence({ entry }: { entry: PresenceEntry }) {
  const session = useSession();
  const navigation = useNavigation();
  const { columns, rows } = useBody();
  const action = useAction();
  const statuses = useRemote("presence.statuses", {}, () => false);
  const [initial] = useState<Values>(() => ({
    status: entry.status,
    message: entry.message,
    returnAt: timeText(entry.returnAt),
  }));
  const [typed, setTyped] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);
  const dirty = JSON.stringify(typed) !== JSON.stringify(initial);
  useUnsaved(dirty ? `the presence of ${entry.username}` : null);

  const submit = ({ status, message, returnAt }: Values) => {
    const back = parseTime(returnAt, Date.now(), "begin");
    setProblem("problem" in back ? back.problem : null);
    if ("problem" in back) return;
    void action.run(async () => {
      const params = { user: entry.userId, status, message, returnAt: back.at };
      await session.call("presence.set", checked("presence.set", params));
      navigation.done();
    });
  };

  const wrong = problem ?? (action.error ?? statuses.error)?.message;
  return (
    <Frame
      path={["Presence", entry.username]}
      bindings={["submit", "nextField", "nextOption", "later", "earlier", "cancel"]}
      notice={wrong ? { text: wrong, tone: "danger" } : undefined}
    >
      {statuses.data ? (
        <Form
          fields={fieldsFor(statuses.data.statuses)}
          initial={initial}
          width={columns}
          height={rows}
          problems={{ ...problemsOf(action.error), ...(problem && { returnAt: problem }) }}
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

function fieldsFor(statuses: readonly string[]): FormField<Values>[] {
  const options = statuses.map((status) => ({ value: status, label: status }));
  return [
    { kind: "select", name: "status", label: "Status", options },
    { kind: "text", name: "message", label: "Message", placeholder: "optional" },
    {
      kind: "date-time",
      name: "returnAt",
      label: "Back",
      day: "begin",
      placeholder: "not said; or 14:30, 2h, or 2027-01-31 09:00",
    },
  ];
}
