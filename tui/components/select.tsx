import { Text } from "ink";
import { matches } from "../keymap.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useKeys } from "../terminal/keys.tsx";
import { cut, safeText, width as textWidth } from "../terminal/safe-text.ts";
import { useTheme } from "../theme.ts";

/** One thing to choose. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

export interface SelectProps {
  readonly options: readonly Option[];
  readonly value: string;
  onChange(value: string): void;
  readonly focused: boolean;
  readonly width: number;
}

/** Choose one of few, on one line: Left, Right or Space changes it. */
export function Select({ options, value, onChange, focused, width }: SelectProps) {
  const theme = useTheme();
  useKeys(
    (event) => {
      const chosen = chooseOption(options, value, event);
      if (chosen === undefined) return false;
      if (chosen !== value) onChange(chosen);
      return true;
    },
    { active: focused },
  );
  const drawn = options.map(
    (option) => `${option.value === value ? "(•)" : "( )"} ${safeText(option.label)}`,
  );
  const line = drawn.join("  ");
  const index = options.findIndex((option) => option.value === value);
  const narrow = `‹ ${options[index]?.label ?? value} › ${index + 1}/${options.length}`;
  const text = cut(textWidth(line) <= width ? line : narrow, width);
  return <Text {...(focused ? theme.selected : theme.plain)}>{text}</Text>;
}

/** The value chosen after a key, or undefined when the key is none of a select's. */
export function chooseOption(
  options: readonly Option[],
  value: string,
  event: InputEvent,
): string | undefined {
  const index = options.findIndex((option) => option.value === value);
  if (matches(event, "nextOption")) return options[(index + 1) % options.length]?.value ?? value;
  if (matches(event, "previousOption")) return options.at(index <= 0 ? -1 : index - 1)?.value ?? value;
  return undefined;
}
