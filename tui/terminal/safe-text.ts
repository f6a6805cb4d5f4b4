import { cellsOf, isPlain } from "./cell-width.ts";

/** How many combining marks one character may carry; Vietnamese and pointed Hebrew need four, a flood has hundreds. */
const MOST_MARKS = 4;
/** Beyond this many code units a cell, text is not even looked at when it is fitted into a width. */
const UNITS_PER_CELL = 16;
/** Code units segmented at a time: the segmenter of Node 20 is quadratic. */
const WINDOW = 512;
const ELLIPSIS = "…";
const DOTTED_CIRCLE = "◌";

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;
const COMBINING = /\p{Mark}/u;
const MARK = "(?!\\p{Default_Ignorable_Code_Point})\\p{Mark}";
const FLOOD = new RegExp(`((?:${MARK}){${MOST_MARKS}})(?:${MARK})+`, "gu");
const EMOJI =
  /^(?:\p{Regional_Indicator}{2}|[\d#*]\ufe0f?\u20e3|\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f)?(?:\u200d\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f)?){0,7})$/u;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The graphemes of a text: what a person calls its characters. Linear time; floods of marks come in pieces. */
export function* graphemes(text: string): Generator<string> {
  if (isPlain(text)) {
    yield* text;
    return;
  }
  for (let at = 0; at < text.length; ) {
    const piece = text.slice(at, at + WINDOW);
    const found = Array.from(segmenter.segment(piece), ({ segment }) => segment);
    const isLast = at + WINDOW >= text.length;
    // The last one may go on in the next piece, so it is looked at again there.
    const again = isLast || found.length === 1 ? undefined : found.pop();
    yield* found;
    at += piece.length - (again?.length ?? 0);
  }
}

/**
 * Makes text from outside harmless to a terminal and to the eye: controls, escapes, line separators, bidirectional
 * and zero-width characters and lone surrogates each become one visible mark, and floods of combining marks are
 * capped. Emoji stay whole. Applying it twice changes nothing.
 */
export function safeText(text: string): string {
  if (isPlain(text)) return text;
  let safe = "";
  let last = "";
  for (const grapheme of graphemes(text.replace(FLOOD, "$1"))) {
    // Not asked of the whole text: that would copy it at each grapheme.
    last = EMOJI.test(grapheme) ? grapheme : harmless(grapheme, last.endsWith(DOTTED_CIRCLE));
    safe += last;
  }
  return safe;
}

/** Terminal cells that the safe form of `text` takes. */
export function width(text: string): number {
  return cellsOf(safeText(text));
}

/** The safe form of `text` in at most `cells` cells, ending in `…` where something was left out. Never splits a grapheme. */
export function cut(text: string, cells: number): string {
  if (cells <= 0) return "";
  const looked = text.slice(0, cells * UNITS_PER_CELL);
  const safe = safeText(looked);
  if (looked.length === text.length && cellsOf(safe) <= cells) return safe;
  let kept = "";
  let room = cells - 1;
  for (const grapheme of graphemes(safe)) {
    room -= cellsOf(grapheme);
    if (room < 0) break;
    kept += grapheme;
  }
  return kept + ELLIPSIS;
}

/** As `cut`, then padded with spaces to exactly `cells` cells. */
export function fitWidth(text: string, cells: number, align: "left" | "right" = "left"): string {
  const kept = cut(text, cells);
  const padding = " ".repeat(Math.max(0, cells - cellsOf(kept)));
  return align === "left" ? kept + padding : padding + kept;
}

/** The safe form of `text` in lines of at most `cells` cells, broken anywhere but in a grapheme; at least one line. */
export function wrap(text: string, cells: number): string[] {
  const lines = [""];
  let room = cells;
  for (const grapheme of graphemes(safeText(text))) {
    const taken = cellsOf(grapheme);
    if (taken > room && room < cells) {
      lines.push("");
      room = cells;
    }
    lines[lines.length - 1] += grapheme;
    room -= taken;
  }
  return lines;
}

/** A mark without a character to stand on gets one, unless it is there: some marks are clusters of their own. */
function harmless(cluster: string, hasCircle: boolean): string {
  let safe = "";
  let marks = 0;
  for (const character of cluster) {
    if (UNSEEN.test(character)) safe += pictureOf(character);
    else if (!COMBINING.test(character)) safe += character;
    else if (marks++ < MOST_MARKS) safe += (safe === "" && !hasCircle ? DOTTED_CIRCLE : "") + character;
  }
  return marks === 0 ? safe : safe.normalize("NFC");
}

function pictureOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "␡";
  return code >= 0xd800 && code <= 0xdfff ? "\ufffd" : "·";
}
