import { Box, Text } from "ink";
import { useState } from "react";
import { helpRows, matches } from "../keymap.ts";
import { useKeys } from "../terminal/keys.tsx";
import { cut, fitWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { moveTable, tableMove } from "./table-state.ts";
import { TextField } from "./text-field.tsx";

export interface HelpProps {
  readonly width: number;
  readonly height: number;
  onClose(): void;
}

/** All keys, from the keymap. Typing searches; Esc closes. */
export function Help({ width, height, onClose }: HelpProps) {
  const theme = useTheme();
  const [search, setSearch] = useState("");
  const [state, setState] = useState({ selected: 0, offset: 0 });
  const rows = searchHelp(search);
  const extent = { total: rows.length, height: height - 2 };
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

  const shown = rows.slice(state.offset, state.offset + extent.height);
  return (
    <Box flexDirection="column" height={height}>
      <Box>
        <Text {...theme.accent}>{"Keys, search: "}</Text>
        <TextField value={search} onChange={change} focused width={Math.max(1, width - 14)} />
      </Box>
      <Text> </Text>
      {shown.map(({ keys, help, where }) => (
        <Text key={`${where} ${help} ${keys}`}>
          <Text {...theme.accent}>{fitWidth(keys, 18)}</Text>
          {fitWidth(help, 28)}
          <Text {...theme.muted}>{cut(where, width - 46)}</Text>
        </Text>
      ))}
    </Box>
  );
}

/** The rows in which every word of the search occurs. */
export function searchHelp(search: string): ReturnType<typeof helpRows> {
  const words = search.toLowerCase().split(/\s+/);
  return helpRows().filter(({ keys, help, where }) => {
    const text = `${keys} ${help} ${where}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
