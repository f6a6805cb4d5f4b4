import { Box, Text } from "ink";
import { useState } from "react";
import { Form, type FormField } from "../components/form.tsx";
import { matches } from "../keymap.ts";
import { safeText } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useAction } from "../use-action.ts";
import { useSession } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import type { Problems } from "./problems.ts";

type Values = { username: string; password: string; key: string };

const fieldsOf: Record<"password" | "key", readonly FormField<Values>[]> = {
  password: [
    { kind: "text", name: "username", label: "User name" },
    { kind: "text", name: "password", label: "Password", masked: true },
  ],
  key: [{ kind: "text", name: "key", label: "API key", masked: true }],
};

/** Sign in with user name and password, or with an API key. `why` says why the last session or key no longer counts. */
export function SignIn({ why }: { why: string | null }) {
  const session = useSession();
  const theme = useTheme();
  const { columns } = useBody();
  const action = useAction();
  const [means, setMeans] = useState<"password" | "key">("password");
  const [problems, setProblems] = useState<Problems>({});
  const notice = noticeOf(action.running, action.error?.message ?? why);

  const submit = (values: Values) => {
    const missing = fieldsOf[means].filter(({ name }) => values[name] === "");
    setProblems(Object.fromEntries(missing.map(({ name }) => [name, "is missing"])));
    // The daemon would count it as a wrong password and make the next try wait.
    if (missing.length > 0) return;
    const { username, password, key } = values;
    void action.run(() => session.signIn(means === "key" ? { key } : { username, password }));
  };

  return (
    <Frame
      path={["Sign in"]}
      bindings={["signIn", "nextField", "otherProof", "quit"]}
      notice={notice}
      onKey={(event) => {
        if (!matches(event, "otherProof")) return false;
        action.forget();
        setProblems({});
        setMeans(means === "key" ? "password" : "key");
        return true;
      }}
    >
      <Box marginBottom={1}>
        <Text {...theme.accent}>{`Sign in to ${safeText(session.target)}`}</Text>
      </Box>
      <Form
        key={means}
        fields={fieldsOf[means]}
        initial={{ username: "", password: "", key: "" }}
        width={columns}
        problems={problems}
        active={!action.running}
        onSubmit={submit}
        onCancel={action.forget}
      />
    </Frame>
  );
}

function noticeOf(running: boolean, problem: string | null) {
  if (running) return { text: "Signing in…", tone: "muted" } as const;
  return problem === null ? undefined : ({ text: problem, tone: "danger" } as const);
}
