import { Box, Text } from "ink";
import { fitWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { Menu, type MenuItem } from "./menu.tsx";

/** Where two versions differ: a field's name, or nothing for lines of text, and what each version has there. */
export interface Difference {
  readonly label: string;
  readonly mine: string;
  readonly theirs: string;
}

export interface ConflictProps {
  /** What was changed, such as `grace` or `the settings of grace`. */
  readonly subject: string;
  readonly differences: readonly Difference[];
  /** What saving one's own does, in a line. */
  readonly keepMine: string;
  readonly width: number;
  /** Rows it may take. */
  readonly height: number;
  onKeepMine(): void;
  onTakeTheirs(): void;
  onGoOn(): void;
}

/** Border, question, titles, a blank line and the three choices. */
const CHROME_ROWS = 8;
const MOST_LABEL_CELLS = 22;

/** Somebody else saved a newer version meanwhile (412): both versions, and what to do; nothing is saved unasked. */
export function Conflict({ subject, differences, keepMine, width, height, ...choices }: ConflictProps) {
  return (
    <Versions
      warning={`Somebody changed ${subject} meanwhile. Nothing is saved yet.`}
      titles={["Yours", "Theirs, saved"]}
      differences={differences}
      choices={[
        { value: "goOn", label: "Go on editing" },
        { value: "mine", label: keepMine },
        { value: "theirs", label: "Keep theirs and drop my changes" },
      ]}
      width={width}
      height={height}
      onChoose={(choice) => {
        if (choice === "mine") choices.onKeepMine();
        else if (choice === "theirs") choices.onTakeTheirs();
        else choices.onGoOn();
      }}
      onCancel={choices.onGoOn}
    />
  );
}

export interface VersionsProps<Choice extends string> {
  readonly warning: string;
  /** Of the two versions. */
  readonly titles: readonly [mine: string, theirs: string];
  readonly differences: readonly Difference[];
  /** The first one, which Enter at once takes, changes nothing. */
  readonly choices: readonly MenuItem<Choice>[];
  readonly width: number;
  /** Rows it may take. */
  readonly height: number;
  onChoose(choice: Choice): void;
  onCancel(): void;
}

/** Two versions side by side, and what can be done. */
export function Versions<Choice extends string>(props: VersionsProps<Choice>) {
  const { warning, titles, differences, choices, width, height, onChoose, onCancel } = props;
  const theme = useTheme();
  const inner = width - 4;
  const labelCells = Math.min(
    MOST_LABEL_CELLS,
    Math.max(...differences.map(({ label }) => label.length), 0) + 1,
  );
  const half = Math.floor((inner - labelCells) / 2);
  const line = (label: string, mine: string, theirs: string) =>
    `${fitWidth(label, labelCells)}${fitWidth(mine, half - 1)} ${fitWidth(theirs, half)}`;
  const room = Math.max(1, height - CHROME_ROWS);
  const shown = differences.length > room ? differences.slice(0, room - 1) : differences;
  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1} width={width}>
      <Text {...theme.warning}>{fitWidth(warning, inner)}</Text>
      <Text {...theme.muted}>{line("", ...titles)}</Text>
      <Text>{shown.map(({ label, mine, theirs }) => line(label, mine, theirs)).join("\n")}</Text>
      {shown.length < differences.length && (
        <Text {...theme.muted}>{`… and ${differences.length - shown.length} more`}</Text>
      )}
      <Text> </Text>
      <Menu items={choices} width={inner} onChoose={onChoose} onCancel={onCancel} />
    </Box>
  );
}

/** The lines that only one of two texts has, side by side. */
export function differingLines(mine: string, theirs: string): Difference[] {
  const only = (text: string, other: string) => {
    const known = new Set(other.split("\n"));
    return text.split("\n").filter((line) => !known.has(line));
  };
  const left = only(mine, theirs);
  const right = only(theirs, mine);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row) => ({
    label: "",
    mine: left[row] ?? "",
    theirs: right[row] ?? "",
  }));
}
