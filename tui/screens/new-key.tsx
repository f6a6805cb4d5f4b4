import { useState } from "react";
import type { UserDetail } from "../../protocol/index.ts";
import { parseTime } from "../components/date-time.ts";
import { Form, type FormField } from "../components/form.tsx";
import { useNavigation, useUnsaved } from "../navigation.ts";
import { useAction } from "../use-action.ts";
import { useSession } from "../use-session.ts";
import { Frame, formBindings, useBody } from "./frame.tsx";
import { checked, messageOf, type Problems, problemsOf } from "./problems.ts";
import { SecretOnce, secretBindings } from "./secret-once.tsx";

type Values = { name: string; expiresAt: string; scope: string; permissions: readonly string[] };

const empty: Values = { name: "", expiresAt: "", scope: "all", permissions: [] };

function fieldsFor(scope: string, owner: UserDetail): FormField<Values>[] {
  const fields: FormField<Values>[] = [
    { kind: "text", name: "name", label: "Name", placeholder: "what it is for" },
    {
      kind: "date-time",
      name: "expiresAt",
      label: "Expires",
      day: "end",
      placeholder: "never; or 90d, or 2027-01-31",
    },
    {
      kind: "select",
      name: "scope",
      label: "It may do",
      options: [
        { value: "all", label: `all that ${owner.username} may` },
        { value: "some", label: "only what is marked" },
      ],
    },
  ];
  if (scope === "all") return fields;
  const options = owner.permissions.map((name) => ({ value: name, label: name }));
  return [...fields, { kind: "multi-select", name: "permissions", label: "Permissions", options }];
}

/** Make an API key for somebody; its secret is shown once. */
export function NewKey({ owner, onMade }: { owner: UserDetail; onMade(id: string): void }) {
  const session = useSession();
  const navigation = useNavigation();
  const { columns, rows } = useBody();
  const action = useAction();
  const [typed, setTyped] = useState(empty);
  const [problems, setProblems] = useState<Problems>({});
  const [secret, setSecret] = useState<string | null>(null);
  const dirty = typed.name !== "" || typed.permissions.length > 0;
  useUnsaved(secret === null && dirty ? "the new key" : null);

  const submit = ({ name, expiresAt, scope, permissions }: Values) => {
    const end = parseTime(expiresAt, Date.now(), "end");
    if ("problem" in end) return setProblems({ expiresAt: end.problem });
    if (scope === "some" && permissions.length === 0)
      return setProblems({ permissions: "mark at least one" });
    setProblems({});
    void action.run(async () => {
      const params = checked("keys.create", {
        user: owner.id,
        name,
        expiresAt: end.at,
        ...(scope === "some" && { permissions: [...permissions] }),
      });
      const made = await session.call("keys.create", params);
      onMade(made.key.id);
      setSecret(made.secret);
    });
  };

  return (
    <Frame
      path={["Users", owner.username, "New key"]}
      bindings={formBindings}
      notice={action.error ? { text: messageOf(action.error), tone: "danger" } : undefined}
      dialogBindings={secretBindings}
      dialog={
        secret !== null && (
          <SecretOnce
            title={`The new key ${typed.name} of ${owner.username}`}
            secret={secret}
            width={columns}
            onKept={() => {
              setSecret(null);
              navigation.done();
            }}
          />
        )
      }
    >
      <Form
        fields={fieldsFor(typed.scope, owner)}
        initial={empty}
        width={columns}
        height={rows}
        problems={{ ...problemsOf(action.error), ...problems }}
        active={!action.running && secret === null}
        onChange={(values) => setTyped(values)}
        onSubmit={submit}
        onCancel={navigation.back}
      />
    </Frame>
  );
}
