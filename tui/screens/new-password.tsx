import { Box, Text } from "ink";
import { useState } from "react";
import { Form } from "../components/form.tsx";
import { useTheme } from "../theme.ts";
import { useAction } from "../use-action.ts";
import { useSession, useSessionSnapshot } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { Strength } from "./password-strength.tsx";
import { problemsOf } from "./problems.ts";

type Values = { currentPassword: string; newPassword: string; again: string };

const empty: Values = { currentPassword: "", newPassword: "", again: "" };

/** Before anything else one's password has to be changed: an administrator set it, or it was generated. */
export function NewPassword() {
  const session = useSession();
  const { principal } = useSessionSnapshot();
  const theme = useTheme();
  const { columns } = useBody();
  const action = useAction();
  const [typed, setTyped] = useState(empty);
  const [mistake, setMistake] = useState<string | null>(null);
  const { password, ...problems } = problemsOf(action.error);

  const submit = ({ currentPassword, newPassword, again }: Values) => {
    if (newPassword !== again) return setMistake("is not the same as the new password");
    setMistake(null);
    void action.run(async () => {
      await session.call("users.changePassword", { currentPassword, newPassword });
    });
  };

  return (
    <Frame
      path={["New password"]}
      bindings={["submit", "nextField", "quit"]}
      notice={action.error ? { text: action.error.message, tone: "danger" } : undefined}
    >
      <Box marginBottom={1}>
        <Text {...theme.warning}>Choose a new password: yours was set by somebody else.</Text>
      </Box>
      <Form
        fields={[
          { kind: "text", name: "currentPassword", label: "Current password", masked: true },
          { kind: "text", name: "newPassword", label: "New password", masked: true },
          { kind: "text", name: "again", label: "New password again", masked: true },
        ]}
        initial={empty}
        width={columns}
        problems={{
          ...problems,
          ...(password && { newPassword: password }),
          ...(mistake && { again: mistake }),
        }}
        active={!action.running}
        onChange={(values) => setTyped(values)}
        onSubmit={submit}
        onCancel={action.forget}
      />
      <Strength password={typed.newPassword} personal={principal?.username ?? ""} />
    </Frame>
  );
}
