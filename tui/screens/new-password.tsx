import { Box, Text } from "ink";
import { type ReactNode, useState } from "react";
import { Form } from "../components/form.tsx";
import type { BindingId } from "../keymap.ts";
import { useNavigation, useUnsaved } from "../navigation.ts";
import { useTheme } from "../theme.ts";
import { useAction } from "../use-action.ts";
import { useSession, useSessionSnapshot } from "../use-session.ts";
import { Frame, useBody } from "./frame.tsx";
import { Strength } from "./password-strength.tsx";
import { problemsOf } from "./problems.ts";

type Values = { currentPassword: string; newPassword: string; again: string };

const empty: Values = { currentPassword: "", newPassword: "", again: "" };

interface OwnPasswordProps {
  /** Why, in a line. */
  readonly intro: ReactNode;
  readonly bindings: readonly BindingId[];
  onTyping?(dirty: boolean): void;
  onChanged?(): void;
  onCancel?(): void;
}

/** Before anything else one's password has to be changed: an administrator set it, or it was generated. */
export function NewPassword() {
  const theme = useTheme();
  const intro = <Text {...theme.warning}>Choose a new password: yours was set by somebody else.</Text>;
  return <OwnPassword intro={intro} bindings={["submit", "nextField", "quit"]} />;
}

/** Change one's own password because one wants to. */
export function ChangePassword() {
  const navigation = useNavigation();
  const [dirty, setDirty] = useState(false);
  useUnsaved(dirty ? "the new password" : null);
  return (
    <OwnPassword
      intro={<Text>It ends your other sessions; your API keys go on working.</Text>}
      bindings={["submit", "nextField", "cancel"]}
      onTyping={setDirty}
      onChanged={() => navigation.done()}
      onCancel={navigation.back}
    />
  );
}

function OwnPassword({ intro, bindings, onTyping, onChanged, onCancel }: OwnPasswordProps) {
  const session = useSession();
  const { principal } = useSessionSnapshot();
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
      onChanged?.();
    });
  };

  return (
    <Frame
      path={["New password"]}
      bindings={bindings}
      notice={action.error ? { text: action.error.message, tone: "danger" } : undefined}
    >
      <Box marginBottom={1}>{intro}</Box>
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
        onChange={(values) => {
          setTyped(values);
          onTyping?.(Object.values(values).some((value) => value !== ""));
        }}
        onSubmit={submit}
        onCancel={onCancel ?? action.forget}
      />
      <Strength password={typed.newPassword} personal={principal?.username ?? ""} />
    </Frame>
  );
}
