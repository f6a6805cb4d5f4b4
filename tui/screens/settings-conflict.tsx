import { Box, Text } from "ink";
import { fitWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { Menu } from "./menu.tsx";

export interface SettingsConflictProps {
  readonly username: string;
  /** Both versions as JSON text. */
  readonly mine: string;
  readonly theirs: string;
  readonly width: number;
  readonly height: number;
  onKeepMine(): void;
  onTakeTheirs(): void;
  onGoOn(): void;
}

/** Border, question, titles, a blank line and the three choices. */
const CHROME_ROWS = 8;

/** Somebody else saved the settings meanwhile: the lines in which the versions differ, and what to do. */
export function SettingsConflict(props: SettingsConflictProps) {
  const { username, mine, theirs, width, height, onGoOn } = props;
  const theme = useTheme();
  const half = Math.floor((width - 4) / 2);
  const rows = differingLines(mine, theirs).slice(0, Math.max(1, height - CHROME_ROWS));
  const pair = (left: string, right: string) => `${fitWidth(left, half - 1)} ${fitWidth(right, half)}`;
  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1} width={width}>
      <Text {...theme.warning}>
        {fitWidth(`Somebody saved the settings of ${username} meanwhile.`, width - 4)}
      </Text>
      <Text {...theme.muted}>{pair("Only in yours", "Only in theirs, saved")}</Text>
      <Text>{rows.map(([left, right]) => pair(left, right)).join("\n")}</Text>
      <Text> </Text>
      <Menu
        items={[
          { value: "goOn", label: "Go on editing" },
          { value: "mine", label: "Save mine over it" },
          { value: "theirs", label: "Keep theirs and drop my changes" },
        ]}
        initial="goOn"
        width={width - 4}
        onChoose={(choice) => {
          if (choice === "mine") props.onKeepMine();
          else if (choice === "theirs") props.onTakeTheirs();
          else onGoOn();
        }}
        onCancel={onGoOn}
      />
    </Box>
  );
}

/** The lines that only one of two texts has, side by side. */
function differingLines(mine: string, theirs: string): [string, string][] {
  const only = (text: string, other: string) => {
    const known = new Set(other.split("\n"));
    return text.split("\n").filter((line) => !known.has(line));
  };
  const left = only(mine, theirs);
  const right = only(theirs, mine);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => [
    left[index] ?? "",
    right[index] ?? "",
  ]);
}
