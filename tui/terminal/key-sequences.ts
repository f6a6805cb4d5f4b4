import { type KeyEvent, type KeyName, type Modifiers, namedKey, textKey } from "./input-events.ts";

const BY_LETTER: Readonly<Record<string, KeyName>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
};

const BY_NUMBER: Readonly<Record<string, KeyName>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageUp",
  6: "pageDown",
  7: "home",
  8: "end",
  11: "f1",
  12: "f2",
  13: "f3",
  14: "f4",
  15: "f5",
  17: "f6",
  18: "f7",
  19: "f8",
  20: "f9",
  21: "f10",
  23: "f11",
  24: "f12",
};

const PARAMETERS = /^(?:(\d{1,3})(?:;(\d{1,3}))?)?$/;

/** The key of `CSI parameters final` as xterm sends it; undefined for a reply of the terminal or an unknown sequence. */
export function csiKey(parameters: string, final: string): KeyEvent | undefined {
  const found = PARAMETERS.exec(parameters);
  if (!found) return undefined;
  const [, number = "1", modifier] = found;
  if (final === "Z") return namedKey("tab", { shift: true });
  // With parameters this is the cursor position report, which F3 held with Shift looks like.
  if (final === "R" && parameters !== "") return undefined;
  const name = final === "~" ? BY_NUMBER[number] : number === "1" ? BY_LETTER[final] : undefined;
  return name && namedKey(name, modifiersOf(modifier));
}

/** The key of `SS3 final`: cursor and function keys in application mode, and the keypad's Enter. */
export function ss3Key(modifier: string, final: string): KeyEvent | undefined {
  const name = final === "M" ? "enter" : BY_LETTER[final];
  return name && namedKey(name, modifiersOf(modifier));
}

/** The key of the Linux console's `CSI [ A` to `CSI [ E`: F1 to F5. */
export function consoleKey(final: string): KeyEvent | undefined {
  const name = (["f1", "f2", "f3", "f4", "f5"] as const)["ABCDE".indexOf(final)];
  return name && namedKey(name);
}

/** The key of a control character, U+0000 to U+001F without ESC, or U+007F. */
export function controlKey(code: number, alt: boolean): KeyEvent {
  if (code === 0x0d || code === 0x0a) return namedKey("enter", { alt });
  if (code === 0x09) return namedKey("tab", { alt });
  if (code === 0x08 || code === 0x7f) return namedKey("backspace", { alt });
  const text = code === 0 ? " " : String.fromCharCode(code + 0x40).toLowerCase();
  return textKey(text, { ctrl: true, alt });
}

/** xterm's modifier parameter: 1 plus bits for Shift, Alt, Ctrl and Meta. */
function modifiersOf(parameter: string | undefined): Partial<Modifiers> {
  const bits = Number(parameter || 1) - 1;
  return { shift: (bits & 1) !== 0, alt: (bits & 10) !== 0, ctrl: (bits & 4) !== 0 };
}
