import { Box, Text } from "ink";
import { Confirm } from "../components/confirm.tsx";
import { Form } from "../components/form.tsx";
import type { PasswordQuestion } from "../session.ts";
import { cut } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useAction } from "../use-action.ts";
import type { Leaving } from "../use-stack.ts";
import { useBody } from "./frame.tsx";

/** The questions that come before everything else on a screen. */
export function Overlay({
  question,
  leaving,
}: {
  question: PasswordQuestion | null;
  leaving: Leaving | null;
}) {
  const { columns } = useBody();
  if (leaving) {
    return (
      <Confirm
        question={`Leave without saving ${leaving.what}?`}
        deed="Leave"
        width={columns}
        onConfirm={leaving.leave}
        onCancel={leaving.stay}
      />
    );
  }
  return question && <PasswordPrompt question={question} />;
}

/** Asks for the password again; what was being done goes on afterwards. */
function PasswordPrompt({ question }: { question: PasswordQuestion }) {
  const theme = useTheme();
  const { columns } = useBody();
  const action = useAction();
  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1} width={columns}>
      <Text {...theme.warning}>
        {cut("Your password again, to go on: it was last proven a while ago.", columns - 4)}
      </Text>
      <Form
        fields={[{ kind: "text", name: "password", label: "Password", masked: true }]}
        initial={{ password: "" }}
        width={columns - 4}
        problems={action.error ? { password: action.error.message } : {}}
        active={!action.running}
        onSubmit={({ password }) => void action.run(() => question.answer(password))}
        onCancel={question.cancel}
      />
    </Box>
  );
}
