import { Text } from "ink";
import { useTheme } from "../theme.ts";

export interface ProgressBarProps {
  readonly done: number;
  readonly total: number;
  readonly width: number;
}

/** How far a long piece of work has come: a bar and the count. */
export function ProgressBar({ done, total, width }: ProgressBarProps) {
  const theme = useTheme();
  const count = ` ${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
  const room = Math.max(1, width - count.length - 2);
  const filled = total === 0 ? room : Math.floor((room * done) / total);
  return (
    <Text>
      [<Text {...theme.accent}>{"#".repeat(filled)}</Text>
      {"-".repeat(room - filled)}]{count}
    </Text>
  );
}
