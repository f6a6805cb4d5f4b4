import { Box, Text } from "ink";
import { useState } from "react";
import { fieldWindow } from "../components/text-editing.ts";
import { windowAround } from "../components/window.ts";
import { useKeys } from "../terminal/keys.tsx";
import { fitWidth } from "../terminal/safe-text.ts";
import { editArea, textAreaOf } from "./text-area-state.ts";

export interface TextAreaProps {
  readonly initial: string;
  /** Where the cursor stands first, in code units of it. */
  readonly at?: number;
  readonly width: number;
  readonly height: number;
  readonly active: boolean;
  onChange(text: string): void;
}

/** Several lines of editable text; a long line scrolls sideways while the cursor is in it. */
export function TextArea({ initial, at = 0, width, height, active, onChange }: TextAreaProps) {
  const [state, setState] = useState(() => textAreaOf(initial, at));
  useKeys(
    (event) => {
      const edited = editArea(state, event, height);
      if (!edited) return false;
      setState(edited);
      if (edited.lines !== state.lines) onChange(edited.lines.join("\n"));
      return true;
    },
    { active },
  );
  const { lines, row, column } = state;
  const { start, end } = windowAround(row, lines.length, height);
  const above = lines.slice(start, row).map((line) => fitWidth(line, width));
  const below = lines.slice(row + 1, end).map((line) => fitWidth(line, width));
  const current = fieldWindow(
    { value: lines[row] ?? "", cursor: column },
    { width, masked: false, placeholder: "" },
  );
  return (
    <Box flexDirection="column" height={height}>
      {above.length > 0 && <Text>{above.join("\n")}</Text>}
      <Text>
        {current.before}
        <Text inverse>{current.at}</Text>
        {current.after}
      </Text>
      {below.length > 0 && <Text>{below.join("\n")}</Text>}
    </Box>
  );
}
