import { useState } from "react";
import type { ApiKey, Params } from "../../protocol/index.ts";
import { type DayMeans, parseTime, timeText } from "../components/date-time.ts";
import { Form, type FormField } from "../components/form.tsx";
import { useNavigation, useUnsaved } from "../navigation.ts";
import { useAction } from "../use-action.ts";
import { useSession } from "../use-session.ts";
import { Frame, formBindings, useBody } from "./frame.tsx";
import { checked, messageOf, type Problems, problemsOf } from "./problems.ts";

type Values = { name: string; expiresAt: string; permissions: readonly string[] };

const DAY: DayMeans = "end";

/** Rename a key, take permissions from it or let it end earlier: nothing makes it hold more or last longer. */
export function EditKey({ apiKey }: { apiKey: ApiKey }) {
  const session = useSession();
  const navigation = useNavigation();
  const { columns, rows } = useBody();
  const action = useAction();
  const [initial] = useState(() => valuesOf(apiKey));
  const [typed, setTyped] = useState(initial);
  const [problems, setProblems] = useState<Problems>({});
  useUnsaved(JSON.stringify(typed) === JSON.stringify(initial) ? null : `the changes to ${apiKey.name}`);

  const submit = (values: Values) => {
    const end = parseTime(values.expiresAt, Date.now(), DAY);
    setProblems("problem" in end ? { expiresAt: end.problem } : {});
    if ("problem" in end) return;
    const changes = changesOf(initial, values, end.at);
    if (Object.keys(changes).length === 0) return navigation.done();
    void action.run(async () => {
      await session.call("keys.update", checked("keys.update", { id: apiKey.id, changes }));
      navigation.done();
    });
  };

  return (
    <Frame
      path={["Users", apiKey.username, "Keys", apiKey.name, "Edit"]}
      bindings={formBindings}
      notice={action.error ? { text: messageOf(action.error), tone: "danger" } : undefined}
    >
      <Form
        fields={fieldsOf(apiKey)}
        initial={initial}
        width={columns}
        height={rows}
        problems={{ ...problemsOf(action.error), ...problems }}
        active={!action.running}
        onChange={setTyped}
        onSubmit={submit}
        onCancel={navigation.back}
      />
    </Frame>
  );
}

function valuesOf({ name, expiresAt, permissions }: ApiKey): Values {
  return { name, expiresAt: timeText(expiresAt), permissions: permissions ?? [] };
}

/** A key that holds all that its owner holds has no list to take from. */
function fieldsOf({ permissions }: ApiKey): FormField<Values>[] {
  const fields: FormField<Values>[] = [
    { kind: "text", name: "name", label: "Name" },
    {
      kind: "date-time",
      name: "expiresAt",
      label: "Expires",
      day: DAY,
      placeholder: "never; or 90d, or 2027-01-31",
    },
  ];
  if (permissions === null) return fields;
  const options = permissions.map((name) => ({ value: name, label: name }));
  return [...fields, { kind: "multi-select", name: "permissions", label: "Permissions", options }];
}

function changesOf(
  initial: Values,
  values: Values,
  expiresAt: string | null,
): Params<"keys.update">["changes"] {
  return {
    ...(values.name !== initial.name && { name: values.name }),
    ...(values.expiresAt !== initial.expiresAt && { expiresAt }),
    ...(values.permissions.join() !== initial.permissions.join() && { permissions: [...values.permissions] }),
  };
}
