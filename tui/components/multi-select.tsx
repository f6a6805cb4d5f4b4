import { Box, Text } from "ink";
import { useState } from "react";
import { matches } from "../keymap.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useKeys } from "../terminal/keys.tsx";
import { cut, fitWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import type { Option } from "./select.tsx";
import { windowAround } from "./window.ts";

export interface MultiSelectProps {
  readonly options: readonly Option[];
  readonly values: readonly string[];
  onChange(values: readonly string[]): void;
  readonly focused: boolean;
  readonly width: number;
  /** Rows shown at once; more scroll, and then one row more says how many are marked. */
  readonly height?: number | undefined;
}

export interface MultiSelectState {
  readonly cursor: number;
  readonly values: readonly string[];
}

const ROWS = 6;

/** The rows that it takes with so many options, of which `height` are shown at once. */
export function multiSelectRows(options: number, height = ROWS): number {
  return options > height ? height + 1 : options;
}

/** Choose any of some, a row each: Up and Down move within, Space marks. */
export function MultiSelect({ options, values, onChange, focused, width, height = ROWS }: MultiSelectProps) {
  const theme = useTheme();
  const [cursor, setCursor] = useState(0);
  useKeys(
    (event) => {
      const changed = markOptions(options, { cursor, values }, event);
      if (!changed) return false;
      setCursor(changed.cursor);
      if (changed.values !== values) onChange(changed.values);
      return true;
    },
    { active: focused },
  );
  const { start, end } = windowAround(cursor, options.length, height);
  return (
    <Box flexDirection="column">
      {options.slice(start, end).map((option, row) => {
        const at = focused && start + row === cursor;
        const mark = values.includes(option.value) ? "[x]" : "[ ]";
        const line = `${at ? theme.marker : " "}${mark} ${option.label}`;
        return (
          <Text key={option.value} {...(at ? theme.selected : theme.plain)}>
            {fitWidth(line, width)}
          </Text>
        );
      })}
      {options.length > height && (
        <Text {...theme.muted}>{cut(` ${values.length} of ${options.length} marked`, width)}</Text>
      )}
    </Box>
  );
}

/** The state after a key, or undefined when the key leads out of the list or is none of its own. */
export function markOptions(
  options: readonly Option[],
  state: MultiSelectState,
  event: InputEvent,
): MultiSelectState | undefined {
  if (matches(event, "mark")) return { ...state, values: toggled(options, state) };
  if (matches(event, "down") && state.cursor < options.length - 1)
    return { ...state, cursor: state.cursor + 1 };
  if (matches(event, "up") && state.cursor > 0) return { ...state, cursor: state.cursor - 1 };
  return undefined;
}

/** Keeps the order of the options, so that marking twice gives the same list again. */
function toggled(options: readonly Option[], { cursor, values }: MultiSelectState): readonly string[] {
  const chosen = new Set(values);
  const value = options[cursor]?.value;
  if (value === undefined) return values;
  if (!chosen.delete(value)) chosen.add(value);
  return options.map((option) => option.value).filter((each) => chosen.has(each));
}
