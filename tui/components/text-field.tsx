import { Text } from "ink";
import { useState } from "react";
import type { InputEvent } from "../terminal/input-events.ts";
import { useKeys } from "../terminal/keys.tsx";
import { useTheme } from "../theme.ts";
import { editText, fieldWindow, type TextState } from "./text-editing.ts";

export interface TextFieldProps {
  readonly value: string;
  onChange(value: string): void;
  /** A focused field eats every key that types or edits. */
  readonly focused: boolean;
  /** Cells it takes, always; longer text scrolls sideways. */
  readonly width: number;
  /** Draws every character as `•`, for secrets. */
  readonly masked?: boolean;
  readonly placeholder?: string | undefined;
  /** What an event makes of the text; undefined when the event is no business of the field. */
  edit?(state: TextState, event: InputEvent): TextState | undefined;
}

/** One line of editable text. */
export function TextField({
  value,
  onChange,
  focused,
  width,
  masked = false,
  placeholder = "",
  edit = editText,
}: TextFieldProps) {
  const theme = useTheme();
  const [cursor, setCursor] = useState(value.length);
  useKeys(
    (event) => {
      const edited = edit({ value, cursor }, event);
      if (!edited) return false;
      setCursor(edited.cursor);
      if (edited.value !== value) onChange(edited.value);
      return true;
    },
    { active: focused },
  );

  const { before, at, after } = fieldWindow({ value, cursor }, { width, masked, placeholder });
  const style = value === "" ? theme.muted : theme.plain;
  if (!focused) return <Text {...style}>{before + at + after}</Text>;
  return (
    <Text underline {...style}>
      {before}
      <Text inverse>{at}</Text>
      {after}
    </Text>
  );
}
