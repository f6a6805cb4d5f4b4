/** A named key, or `text` for anything that types a character. */
export type KeyName =
  | "text"
  | "up"
  | "down"
  | "left"
  | "right"
  | "home"
  | "end"
  | "pageUp"
  | "pageDown"
  | "insert"
  | "delete"
  | "backspace"
  | "tab"
  | "enter"
  | "escape"
  | `f${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12}`;

/** One key. `text` is set when `name` is `text`: one grapheme, or the letter held together with Ctrl. */
export interface KeyEvent {
  readonly kind: "key";
  readonly name: KeyName;
  readonly text?: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

/** One bracketed paste: no control characters, line ends as `\n`. */
export interface PasteEvent {
  readonly kind: "paste";
  readonly text: string;
}

export type InputEvent = KeyEvent | PasteEvent;

export type Modifiers = Pick<KeyEvent, "ctrl" | "alt" | "shift">;

export const NO_MODIFIERS: Modifiers = { ctrl: false, alt: false, shift: false };

export function namedKey(name: KeyName, modifiers: Partial<Modifiers> = {}): KeyEvent {
  return { kind: "key", name, ...NO_MODIFIERS, ...modifiers };
}

export function textKey(text: string, modifiers: Partial<Modifiers> = {}): KeyEvent {
  return { kind: "key", name: "text", text, ...NO_MODIFIERS, ...modifiers };
}
