import { Box, Text } from "ink";
import { useState } from "react";
import { moveTable, type TableMove, tableMove } from "../components/table-state.ts";
import { windowAround } from "../components/window.ts";
import { matches } from "../keymap.ts";
import { useKeys } from "../terminal/keys.tsx";
import { cut } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";

export interface MenuItem<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export interface MenuProps<Value extends string> {
  readonly items: readonly MenuItem<Value>[];
  /** The first one unless given. */
  readonly initial?: Value;
  readonly width: number;
  /** Rows shown at once; more scroll. */
  readonly height?: number;
  onMove?(value: Value): void;
  onChoose(value: Value): void;
  onCancel(): void;
}

/** Choose one of few, a row each; Enter takes it. */
export function Menu<Value extends string>(props: MenuProps<Value>) {
  const { items, initial, width, height = items.length } = props;
  const theme = useTheme();
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      items.findIndex(({ value }) => value === initial),
    ),
  );
  const go = (move: TableMove) => {
    const next = moveTable({ selected: at, offset: 0 }, move, { total: items.length, height }).selected;
    setAt(next);
    const item = items[next];
    if (item) props.onMove?.(item.value);
  };
  useKeys((event) => {
    const item = items[at];
    const move = tableMove(event);
    if (move) go(move);
    else if (matches(event, "choose") && item) props.onChoose(item.value);
    else if (matches(event, "cancel")) props.onCancel();
    else return false;
    return true;
  });
  const { start, end } = windowAround(at, items.length, height);
  return (
    <Box flexDirection="column">
      {items.slice(start, end).map(({ value, label }, row) => (
        <Text key={value} {...(start + row === at ? theme.selected : theme.plain)}>
          {cut(`${start + row === at ? theme.marker : " "} ${label} `, width)}
        </Text>
      ))}
    </Box>
  );
}
