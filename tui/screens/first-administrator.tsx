import { Box, Text } from "ink";
import { useState } from "react";
import { Form } from "../components/form.tsx";
import { useTheme } from "../theme.ts";
import { useAction } from "../use-action.ts";
import { useSession } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { Strength } from "./password-strength.tsx";
import { problemsOf } from "./problems.ts";

type Values = { username: string; fullName: string; password: string; again: string };

const empty: Values = { username: "", fullName: "", password: "", again: "" };

/** The first run: nobody administers the directory yet. */
export function FirstAdministrator() {
  const session = useSession();
  const theme = useTheme();
  const { columns } = useBody();
  const action = useAction();
  const [typed, setTyped] = useState(empty);
  const [mistake, setMistake] = useState<string | null>(null);

  const submit = ({ username, fullName, password, again }: Values) => {
    if (password !== again) return setMistake("is not the same as the password");
    setMistake(null);
    void action.run(async () => {
      await session.call("users.create", {
        username,
        fullName,
        password,
        roles: ["admin"],
        mustChangePassword: false,
      });
    });
  };

  return (
    <Frame
      path={["First administrator"]}
      bindings={["submit", "nextField", "quit"]}
      notice={action.error ? { text: action.error.message, tone: "danger" } : undefined}
    >
      <Box marginBottom={1} flexDirection="column">
        <Text {...theme.accent}>Welcome to Roster. Nobody administers this directory yet.</Text>
        <Text>Make the first administrator: this account may do everything.</Text>
      </Box>
      <Form
        fields={[
          { kind: "text", name: "username", label: "User name", placeholder: "a-z 0-9 . _ @ + -" },
          { kind: "text", name: "fullName", label: "Full name", placeholder: "optional" },
          { kind: "text", name: "password", label: "Password", masked: true },
          { kind: "text", name: "again", label: "Password again", masked: true },
        ]}
        initial={empty}
        width={columns}
        problems={{ ...problemsOf(action.error), ...(mistake && { again: mistake }) }}
        active={!action.running}
        onChange={(values) => setTyped(values)}
        onSubmit={submit}
        onCancel={action.forget}
      />
      <Strength password={typed.password} personal={`${typed.username} ${typed.fullName}`} />
    </Frame>
  );
}
