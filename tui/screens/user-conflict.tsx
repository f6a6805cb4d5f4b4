import { Box, Text } from "ink";
import type { UserDetail } from "../../protocol/index.ts";
import { fitWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";
import { Menu } from "./menu.tsx";
import { differing, labelOf, type UserValues, valuesOf, valueText } from "./user-form.ts";

export interface UserConflictProps {
  /** The version that the editing began with. */
  readonly base: UserDetail;
  readonly mine: UserValues;
  /** The current version, by somebody else. */
  readonly theirs: UserDetail;
  readonly width: number;
  onKeepMine(): void;
  onTakeTheirs(): void;
  onGoOn(): void;
}

const LABEL_CELLS = 22;

/** Somebody else changed the user meanwhile: both versions, field by field, and what to do. */
export function UserConflict({ base, mine, theirs, width, ...choices }: UserConflictProps) {
  const theme = useTheme();
  const before = valuesOf(base);
  const now = valuesOf(theirs);
  const touched = new Set([...differing(before, mine), ...differing(before, now)]);
  const half = Math.floor((width - 4 - LABEL_CELLS) / 2);
  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1} width={width}>
      <Text
        {...theme.warning}
      >{`${fitWidth(`Somebody changed ${base.username} meanwhile. Nothing is saved yet.`, width - 4)}`}</Text>
      <Text {...theme.muted}>
        {fitWidth("", LABEL_CELLS) + fitWidth("Yours", half) + fitWidth("Theirs, saved", half)}
      </Text>
      {[...touched].map((field) => (
        <Text key={field}>
          {fitWidth(labelOf(field), LABEL_CELLS) +
            fitWidth(valueText(mine, field), half) +
            fitWidth(valueText(now, field), half)}
        </Text>
      ))}
      <Text> </Text>
      <Menu
        items={[
          { value: "goOn", label: "Go on editing" },
          { value: "mine", label: "Save what I changed over it; the rest stays theirs" },
          { value: "theirs", label: "Keep theirs and drop my changes" },
        ]}
        initial="goOn"
        width={width - 4}
        onChoose={(choice) => {
          if (choice === "mine") choices.onKeepMine();
          else if (choice === "theirs") choices.onTakeTheirs();
          else choices.onGoOn();
        }}
        onCancel={choices.onGoOn}
      />
    </Box>
  );
}
