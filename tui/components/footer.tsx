import { Text } from "ink";
import { type BindingId, footerHints } from "../keymap.ts";
import { width as textWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";

const GAP = 2;

/** One line with the keys that work now, the first ones first; what does not fit is left to the help page. */
export function Footer({ bindings, width }: { bindings: readonly BindingId[]; width: number }) {
  const theme = useTheme();
  let room = width;
  const shown = footerHints(bindings).filter(({ key, help }) => {
    room -= textWidth(`${key} ${help}`) + GAP;
    return room + GAP >= 0;
  });
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
