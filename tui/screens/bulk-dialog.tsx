import { Box, Text } from "ink";
import { ProgressBar } from "../components/progress-bar.tsx";
import { type BindingId, matches } from "../keymap.ts";
import { useKeys } from "../terminal/keys.tsx";
import { cut } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { useBody } from "./frame.tsx";
import { useScroll } from "./use-scroll.ts";

export const runningBindings: readonly BindingId[] = ["stop"];
export const summaryBindings: readonly BindingId[] = ["close", "down", "up"];

export interface BulkRunningProps {
  /** `Disabling 12 users`. */
  readonly doing: string;
  readonly tried: number;
  readonly total: number;
  /** It was asked to stop, and waits for what is under way. */
  readonly stopping: boolean;
  onStop(): void;
}

/** A piece of work on many rows while it runs. Esc stops it before the next row. */
export function BulkRunning({ doing, tried, total, stopping, onStop }: BulkRunningProps) {
  const theme = useTheme();
  const { columns } = useBody();
  useKeys((event) => {
    if (matches(event, "redraw") || matches(event, "suspend") || matches(event, "quit")) return false;
    if (matches(event, "stop")) onStop();
    return true;
  });
  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1} width={columns}>
      <Text {...theme.accent}>{cut(`${doing}${stopping ? ", stopping" : ""}…`, columns - 4)}</Text>
      <ProgressBar done={tried} total={total} width={columns - 4} />
    </Box>
  );
}

export interface BulkSummaryProps {
  /** What was done, in a sentence. */
  readonly title: string;
  /** Each that failed or was left, with why. */
  readonly lines: readonly string[];
  onClose(): void;
}

/** Border, title, a blank line and the count of what does not fit. */
const SUMMARY_CHROME = 5;
const MOST_LINES = 12;

/** What became of a piece of work of which not all succeeded. */
export function BulkSummary({ title, lines, onClose }: BulkSummaryProps) {
  const theme = useTheme();
  const { columns, rows } = useBody();
  const height = Math.max(1, Math.min(MOST_LINES, rows - SUMMARY_CHROME));
  const scroll = useScroll(lines.length, height);
  useKeys((event) => {
    if (matches(event, "redraw") || matches(event, "suspend") || matches(event, "quit")) return false;
    if (matches(event, "close")) onClose();
    else scroll.onKey(event);
    return true;
  });
  const below = lines.length - scroll.top - height;
  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1} width={columns}>
      <Text {...theme.warning}>{cut(title, columns - 4)}</Text>
      <Text> </Text>
      <Text>
        {lines
          .slice(scroll.top, scroll.top + height)
          .map((line) => cut(line, columns - 4))
          .join("\n")}
      </Text>
      {below > 0 && <Text {...theme.muted}>{`… and ${below.toLocaleString("en")} more below`}</Text>}
    </Box>
  );
}
