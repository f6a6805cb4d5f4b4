import { createContext, useContext } from "react";

/** What a colour says; components name these and never a colour. */
export type Tone = "plain" | "accent" | "muted" | "good" | "warning" | "danger";

/** Properties of Ink's `<Text>`, from the 16-colour palette; backgrounds stay the terminal's own. */
export interface TextStyle {
  readonly color?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

export type Theme = Readonly<Record<Tone, TextStyle>> & {
  /** The selected row or button; always drawn together with `marker`, so that it is seen without colour too. */
  readonly selected: TextStyle;
  readonly marker: string;
};

const base = { plain: {}, selected: { inverse: true }, marker: "›" } satisfies Partial<Theme>;

export const themes = {
  default: {
    ...base,
    accent: { color: "cyan", bold: true },
    muted: { dimColor: true },
    good: { color: "green" },
    warning: { color: "yellow" },
    danger: { color: "red", bold: true },
  },
  light: {
    ...base,
    accent: { color: "blue", bold: true },
    muted: { dimColor: true },
    good: { color: "green" },
    warning: { color: "magenta" },
    danger: { color: "red", bold: true },
  },
  "high-contrast": {
    ...base,
    accent: { bold: true, underline: true },
    muted: {},
    good: { color: "greenBright", bold: true },
    warning: { color: "yellowBright", bold: true },
    danger: { color: "redBright", bold: true },
  },
  halloween: {
    ...base,
    accent: { color: "yellow", bold: true },
    muted: { color: "magenta" },
    good: { color: "green" },
    warning: { color: "yellowBright" },
    danger: { color: "redBright", bold: true },
  },
} as const satisfies Record<string, Theme>;

export type ThemeName = keyof typeof themes;

/** The theme without its colours, for NO_COLOR (https://no-color.org): weight, inverse and markers stay. */
export function withoutColor(theme: Theme): Theme {
  const plain = Object.entries(theme).map(([tone, style]) => [
    tone,
    typeof style === "string" ? style : { ...style, color: undefined },
  ]);
  return Object.fromEntries(plain);
}

export const ThemeContext = createContext<Theme>(themes.default);

export function useTheme(): Theme {
  return useContext(ThemeContext);
}
