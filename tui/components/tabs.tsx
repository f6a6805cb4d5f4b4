import { Text } from "ink";
import { matches } from "../keymap.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useKeys } from "../terminal/keys.tsx";
import { safeText } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
}

export interface TabsProps<Id extends string> {
  readonly tabs: readonly Tab<Id>[];
  readonly current: Id;
  onChange(id: Id): void;
  readonly active?: boolean;
}

/** A line of tabs, one of them current. */
export function Tabs<Id extends string>({ tabs, current, onChange, active = true }: TabsProps<Id>) {
  const theme = useTheme();
  useKeys(
    (event) => {
      const chosen = chooseTab(tabs, current, event);
      if (chosen === undefined) return false;
      onChange(chosen);
      return true;
    },
    { active },
  );
  return (
    <Text wrap="truncate">
      {tabs.map(({ id, label }) => (
        <Text key={id} {...(id === current ? theme.selected : theme.muted)}>
          {`${id === current ? theme.marker : " "}${safeText(label)} `}
        </Text>
      ))}
    </Text>
  );
}

/** The tab that a key leads to. */
export function chooseTab<Id extends string>(
  tabs: readonly Tab<Id>[],
  current: Id,
  event: InputEvent,
): Id | undefined {
  const index = tabs.findIndex(({ id }) => id === current);
  if (matches(event, "nextTab")) return tabs[(index + 1) % tabs.length]?.id;
  if (matches(event, "previousTab")) return tabs.at((index - 1) % tabs.length)?.id;
  return undefined;
}
