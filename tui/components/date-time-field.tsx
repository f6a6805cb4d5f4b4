import { Box, Text } from "ink";
import { matches } from "../keymap.ts";
import { cut } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { type DayMeans, parseTime, stepTime } from "./date-time.ts";
import { editText } from "./text-editing.ts";
import { TextField } from "./text-field.tsx";

export interface DateTimeFieldProps {
  /** As it was typed, in local time; empty is no instant. */
  readonly value: string;
  onChange(value: string): void;
  readonly focused: boolean;
  readonly width: number;
  readonly day: DayMeans;
  readonly placeholder?: string;
}

/** An instant in UTC to the second takes so many cells. */
const TYPED_CELLS = 25;

/** An instant, typed in local time or stepped where the cursor stands; beside it what is sent, in UTC. */
export function DateTimeField({ value, onChange, focused, width, day, placeholder }: DateTimeFieldProps) {
  const theme = useTheme();
  const room = value === "" ? width : Math.min(width, TYPED_CELLS);
  const read = parseTime(value, Date.now(), day);
  const sent = "at" in read && read.at !== null ? `= ${read.at.slice(0, 16).replace("T", " ")} UTC` : "";
  return (
    <Box>
      <TextField
        value={value}
        onChange={onChange}
        focused={focused}
        width={room}
        placeholder={placeholder}
        edit={(state, event) => {
          if (matches(event, "later")) return stepTime(state, 1, Date.now());
          if (matches(event, "earlier")) return stepTime(state, -1, Date.now());
          return editText(state, event);
        }}
      />
      {value !== "" && <Text {...theme.muted}>{cut(` ${sent}`, width - room)}</Text>}
    </Box>
  );
}
