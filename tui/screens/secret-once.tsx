import { Box, Text } from "ink";
import { useState } from "react";
import { type BindingId, matches } from "../keymap.ts";
import { useTerminal } from "../terminal/context.tsx";
import { useKeys } from "../terminal/keys.tsx";
import { cut, safeText } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";

export interface SecretOnceProps {
  readonly title: string;
  readonly secret: string;
  readonly width: number;
  /** The person says that it is stored: now it has to be forgotten. */
  onKept(): void;
}

/** The keys that work while a secret is shown. */
export const secretBindings: readonly BindingId[] = ["copy", "kept"];

/** A secret that is shown once. Only Enter closes it, so that no stray Esc loses it. */
export function SecretOnce({ title, secret, width, onKept }: SecretOnceProps) {
  const theme = useTheme();
  const terminal = useTerminal();
  const [said, setSaid] = useState("It is shown this once and cannot be had again.");
  useKeys((event) => {
    if (matches(event, "quit") || matches(event, "redraw") || matches(event, "suspend")) return false;
    if (matches(event, "kept")) onKept();
    else if (matches(event, "copy")) {
      terminal.copy(secret);
      setSaid("Sent to your terminal's clipboard. If it does not paste, select it here.");
    } else setSaid("Keep it first: Enter closes this, and it is not shown again.");
    return true;
  });
  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1} width={width}>
      <Text {...theme.accent}>{cut(title, width - 4)}</Text>
      <Text> </Text>
      <Text {...theme.warning}>{safeText(secret)}</Text>
      <Text> </Text>
      <Text>{cut(said, width - 4)}</Text>
    </Box>
  );
}
