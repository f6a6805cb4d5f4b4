import { Box, Text } from "ink";
import { useState } from "react";
import { type HelpRow, matches } from "../keymap.ts";
import { useKeys } from "../terminal/keys.tsx";
import { cut, fitWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { moveTable, tableMove } from "./table-state.ts";
import { TextField } from "./text-field.tsx";

/** Cells of each column; the last takes the rest. */
const KEYS_WIDTH = 28;
const HELP_WIDTH = 30;

export interface HelpProps {
  readonly rows: readonly HelpRow[];
  readonly width: number;
  readonly height: number;
  onClose(): void;
}

/** What there is to press and to name. Typing searches; Esc closes. */
export function Help({ rows, width, height, onClose }: HelpProps) {
  const theme = useTheme();
  const [search, setSearch] = useState("");
  const [state, setState] = useState({ selected: 0, offset: 0 });
  const found = searchHelp(rows, search);
  const extent = { total: found.length, height: height - 2 };
  const change = (text: string) => {
    setSearch(text);
    setState({ selected: 0, offset: 0 });
  };
  useKeys((event) => {
    if (matches(event, "quit") || matches(event, "redraw") || matches(event, "suspend")) return false;
    if (matches(event, "cancel")) onClose();
    const move = tableMove(event);
    if (move !== undefined) setState(moveTable(state, move, extent));
    return true;
  });

  const shown = found.slice(state.offset, state.offset + extent.height);
  return (
    <Box flexDirection="column" height={height}>
      <Box>
        <Text {...theme.accent}>{"Keys and names, search: "}</Text>
        <TextField value={search} onChange={change} focused width={Math.max(1, width - 24)} />
      </Box>
      <Text> </Text>
      {found.length === 0 && <Text {...theme.muted}>Nothing has all these words.</Text>}
      {shown.map(({ keys, help, where }) => (
        <Text key={`${where} ${help} ${keys}`}>
          <Text {...theme.accent}>{fitWidth(keys, KEYS_WIDTH)}</Text>
          {fitWidth(help, HELP_WIDTH)}
          <Text {...theme.muted}>{cut(where, width - KEYS_WIDTH - HELP_WIDTH)}</Text>
        </Text>
      ))}
    </Box>
  );
}

/** The rows in which every word of the search occurs. */
export function searchHelp(rows: readonly HelpRow[], search: string): HelpRow[] {
  const words = search.toLowerCase().split(/\s+/);
  return rows.filter(({ keys, help, where }) => {
    const text = `${keys} ${help} ${where}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
