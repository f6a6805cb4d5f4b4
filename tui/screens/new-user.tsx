import { useState } from "react";
import { parseTime } from "../components/date-time.ts";
import { Form, type FormField } from "../components/form.tsx";
import { useNavigation, useUnsaved } from "../navigation.ts";
import { useAction } from "../use-action.ts";
import { useSession } from "../use-session.ts";
import { Frame, formBindings, useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import { Strength } from "./password-strength.tsx";
import { checked, messageOf, problemsOf } from "./problems.ts";
import { SecretOnce, secretBindings } from "./secret-once.tsx";
import { useRoles } from "./use-roles.ts";

type Values = {
  username: string;
  fullName: string;
  roles: readonly string[];
  type: string;
  means: string;
  password: string;
  validUntil: string;
};

interface Made {
  id: string;
  username: string;
  password: string;
}

const empty: Values = {
  username: "",
  fullName: "",
  roles: [],
  type: "normal",
  means: "generate",
  password: "",
  validUntil: "",
};

function fieldsFor(means: string, roles: readonly string[]): FormField<Values>[] {
  const fields: FormField<Values>[] = [
    { kind: "text", name: "username", label: "User name", placeholder: "a-z 0-9 . _ @ + -" },
    { kind: "text", name: "fullName", label: "Full name", placeholder: "optional" },
    {
      kind: "multi-select",
      name: "roles",
      label: "Roles",
      options: roles.map((name) => ({ value: name, label: name })),
    },
    {
      kind: "select",
      name: "type",
      label: "Kind of account",
      options: [
        { value: "normal", label: "person" },
        { value: "service", label: "service" },
      ],
    },
    {
      kind: "select",
      name: "means",
      label: "Password",
      options: [
        { value: "generate", label: "generate" },
        { value: "type", label: "type one" },
        { value: "none", label: "none, keys only" },
      ],
    },
  ];
  if (means === "type")
    fields.push({ kind: "text", name: "password", label: "First password", masked: true });
  fields.push({
    kind: "date-time",
    name: "validUntil",
    label: "Valid until",
    day: "end",
    placeholder: "for ever; or 90d, or 2027-01-31",
  });
  return fields;
}

/** Make a user. A password made here has to be changed at the first sign-in. */
export function NewUser({ onMade }: { onMade?(id: string): void }) {
  const session = useSession();
  const navigation = useNavigation();
  const { columns, rows } = useBody();
  const action = useAction();
  const roles = useRoles();
  const [typed, setTyped] = useState(empty);
  const [problem, setProblem] = useState<string | null>(null);
  const [made, setMade] = useState<Made | null>(null);
  useUnsaved(made === null && JSON.stringify(typed) !== JSON.stringify(empty) ? "the new user" : null);

  const submit = ({ username, fullName, roles: chosen, type, means, password, validUntil }: Values) => {
    const end = parseTime(validUntil, Date.now(), "end");
    setProblem("problem" in end ? end.problem : null);
    if ("problem" in end) return;
    void action.run(async () => {
      const params = checked("users.create", {
        username,
        fullName,
        roles: [...chosen],
        type: type === "service" ? "service" : "normal",
        validUntil: end.at,
        ...(means === "type" && { password }),
        ...(means === "generate" && { generatePassword: true }),
      });
      const { user, generatedPassword } = await session.call("users.create", params);
      onMade?.(user.id);
      if (generatedPassword) setMade({ id: user.id, username: user.username, password: generatedPassword });
      else open(user);
    });
  };

  const open = ({ id, username }: { id: string; username: string }) =>
    navigation.done({ name: "user", id, username });

  const error = action.error ?? roles.error;
  return (
    <Frame
      path={["Users", "New user"]}
      bindings={formBindings}
      notice={error ? { text: messageOf(error), tone: "danger" } : undefined}
      dialogBindings={secretBindings}
      dialog={
        made && (
          <SecretOnce
            title={`${made.username} is made. The first password:`}
            secret={made.password}
            width={columns}
            onKept={() => open(made)}
          />
        )
      }
    >
      {roles.data ? (
        <Form
          fields={fieldsFor(
            typed.means,
            roles.data.map(({ name }) => name),
          )}
          initial={empty}
          width={columns}
          height={rows}
          problems={{ ...problemsOf(action.error), ...(problem && { validUntil: problem }) }}
          active={!action.running && made === null}
          onChange={(values) => setTyped(values)}
          onSubmit={submit}
          onCancel={navigation.back}
        />
      ) : (
        <Loading keysWait />
      )}
      {typed.means === "type" && (
        <Strength password={typed.password} personal={`${typed.username} ${typed.fullName}`} />
      )}
    </Frame>
  );
}
