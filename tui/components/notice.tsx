import { Text } from "ink";
import { cut } from "../terminal/safe-text.ts";
import { type Tone, useTheme } from "../theme.ts";

export interface NoticeText {
  readonly text: string;
  readonly tone: Tone;
}

/** One line that answers the last thing done; blank when there is nothing to say, so that nothing jumps. */
export function Notice({ notice, width }: { notice: NoticeText | undefined; width: number }) {
  const theme = useTheme();
  if (!notice) return <Text> </Text>;
  return <Text {...theme[notice.tone]}>{cut(notice.text, width)}</Text>;
}
