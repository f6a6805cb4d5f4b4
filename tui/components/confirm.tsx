import { Box, Text } from "ink";
import { useState } from "react";
import { matches } from "../keymap.ts";
import { useKeys } from "../terminal/keys.tsx";
import { cut } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { TextField } from "./text-field.tsx";

export interface ConfirmProps {
  /** Names the deed, the object and the count: `Delete 3 users?`. */
  readonly question: string;
  /** What will happen, a line each. */
  readonly consequences?: readonly string[];
  /** The deed in one word, on the button. */
  readonly deed: string;
  /** A name that has to be typed before it can be confirmed. */
  readonly typed?: string;
  readonly width: number;
  onConfirm(): void;
  onCancel(): void;
}

type Focus = "name" | "cancel" | "deed";

/** Asks before something is done. Cancel has the focus and no letter confirms, so no key pressed twice does it. */
export function Confirm(props: ConfirmProps) {
  const { question, consequences = [], deed, typed, width } = props;
  const theme = useTheme();
  const [focus, setFocus] = useState<Focus>(typed === undefined ? "cancel" : "name");
  const [name, setName] = useState("");
  const allowed = typed === undefined || name === typed;

  useKeys((event) => {
    if (matches(event, "quit") || matches(event, "redraw") || matches(event, "suspend")) return false;
    if (matches(event, "cancel")) props.onCancel();
    else if (matches(event, "nextButton")) setFocus(neighbour(focus, typed, 1));
    else if (matches(event, "previousButton")) setFocus(neighbour(focus, typed, -1));
    else if (matches(event, "press") && focus === "cancel") props.onCancel();
    else if (matches(event, "press") && allowed) props.onConfirm();
    return true;
  });

  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1} width={width}>
      <Text {...theme.warning}>{cut(question, width - 4)}</Text>
      {consequences.map((line) => (
        <Text key={line}>{cut(line, width - 4)}</Text>
      ))}
      {typed !== undefined && (
        <Box>
          <Text>{cut(`Type ${typed} to confirm: `, width - 24)}</Text>
          <TextField value={name} onChange={setName} focused={focus === "name"} width={20} />
        </Box>
      )}
      <Text>
        <Button label="Cancel" focused={focus === "cancel"} />
        {"  "}
        <Button label={deed} focused={focus === "deed"} disabled={!allowed} />
      </Text>
    </Box>
  );
}

function Button({ label, focused, disabled }: { label: string; focused: boolean; disabled?: boolean }) {
  const theme = useTheme();
  const style = focused ? theme.selected : disabled ? theme.muted : theme.plain;
  return <Text {...style}>{`${focused ? theme.marker : " "}[ ${cut(label, 20)} ]`}</Text>;
}

function neighbour(focus: Focus, typed: string | undefined, step: 1 | -1): Focus {
  const order: Focus[] = typed === undefined ? ["cancel", "deed"] : ["name", "cancel", "deed"];
  return order.at((order.indexOf(focus) + step) % order.length) ?? "cancel";
}
