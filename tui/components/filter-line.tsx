import { Box, Text } from "ink";
import { useTheme } from "../theme.ts";
import { TextField } from "./text-field.tsx";

export interface FilterLineProps {
  readonly line: string;
  readonly typing: boolean;
  /** What can be typed, for whoever has typed nothing yet. */
  readonly placeholder: string;
  /** How much there is, at the right. */
  readonly count: string;
  readonly width: number;
  onChange(line: string): void;
}

/** The line above a list: what it is filtered by, and how much there is. */
export function FilterLine({ line, typing, placeholder, count, width, onChange }: FilterLineProps) {
  const theme = useTheme();
  const label = typing || line !== "" ? "Filter: " : "";
  const room = Math.max(1, width - label.length - count.length - 1);
  return (
    <Box height={1}>
      <Text {...theme.accent}>{label}</Text>
      <TextField
        value={line}
        onChange={onChange}
        focused={typing}
        width={room}
        placeholder={typing ? placeholder : ""}
      />
      <Text {...theme.muted}>{` ${count}`}</Text>
    </Box>
  );
}
