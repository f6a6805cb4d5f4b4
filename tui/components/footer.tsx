import { Text } from "ink";
import { type BindingId, footerHints, type Hint } from "../keymap.ts";
import { width as textWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";

const GAP = 2;

/** Where `help` works these do, and they lead to everything that does not fit: their place is kept, at the end. */
const ALWAYS: readonly BindingId[] = ["palette", "help"];

/** One line with the keys that work now, the first ones first; what does not fit is left to the help page. */
export function Footer({ bindings, width }: { bindings: readonly BindingId[]; width: number }) {
  const theme = useTheme();
  const kept = footerHints(bindings.includes("help") ? ALWAYS : []);
  let room = width - kept.reduce((sum, hint) => sum + cellsOf(hint), 0);
  const fitting = footerHints(bindings.filter((id) => id !== "help" && id !== "palette")).filter((hint) => {
    room -= cellsOf(hint);
    return room + GAP >= 0;
  });
  const shown = [...fitting, ...kept];
  return (
    <Text wrap="truncate">
      {shown.map(({ key, help }, index) => (
        <Text key={`${key} ${help}`}>
          {index === 0 ? "" : " ".repeat(GAP)}
          <Text {...theme.accent}>{key}</Text>
          <Text {...theme.muted}>{` ${help}`}</Text>
        </Text>
      ))}
    </Text>
  );
}

function cellsOf({ key, help }: Hint): number {
  return textWidth(`${key} ${help}`) + GAP;
}
