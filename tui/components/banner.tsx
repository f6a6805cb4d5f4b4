import { Text } from "ink";
import { fitWidth } from "../terminal/safe-text.ts";
import { type Tone, useTheme } from "../theme.ts";

/** A full line that stays while something is the case, such as a lost connection. */
export function Banner({ text, tone = "warning", width }: { text: string; tone?: Tone; width: number }) {
  const theme = useTheme();
  return (
    <Text {...theme[tone]} inverse>
      {fitWidth(`! ${text}`, width)}
    </Text>
  );
}
