import { type BindingId, matches } from "../keymap.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { fitWidth, graphemes, width as textWidth } from "../terminal/safe-text.ts";

/** A line being edited; `cursor` counts code units and stands between two graphemes. */
export interface TextState {
  readonly value: string;
  readonly cursor: number;
}

const WORD = /[\p{L}\p{N}_]/u;

/** The text after an event, or undefined when the event is no business of a text field. */
export function editText(state: TextState, event: InputEvent): TextState | undefined {
  const at = settle(state);
  if (event.kind === "paste") return insert(at, event.text.replaceAll(/\n+$/g, "").replaceAll("\n", " "));
  const edit = edits.find(([binding]) => matches(event, binding))?.[1];
  if (edit) return edit(at);
  return event.name === "text" && !event.ctrl && !event.alt ? insert(at, event.text ?? "") : undefined;
}

/** What a field of `width` cells shows: the text left of the cursor, the cell under it, and the text right of it. */
export function fieldWindow(
  state: TextState,
  { width, masked, placeholder }: { width: number; masked: boolean; placeholder: string },
): { before: string; at: string; after: string } {
  if (state.value === "") {
    const shown = fitWidth(placeholder, width);
    const [at = " ", ...rest] = graphemes(shown);
    return { before: "", at, after: rest.join("") };
  }
  const { value, cursor } = settle(state);
  const draw = (text: string) => (masked ? "•".repeat([...graphemes(text)].length) : text);
  const [under = " ", ...rest] = graphemes(draw(value.slice(cursor)));
  const at = fitWidth(under, Math.max(1, textWidth(under)));
  const before = tail(draw(value.slice(0, cursor)), width - textWidth(at));
  const room = width - textWidth(before) - textWidth(at);
  return { before, at, after: fitWidth(rest.join(""), room) };
}

const edits: readonly [BindingId, (state: TextState) => TextState][] = [
  ["left", (state) => ({ ...state, cursor: previous(state) })],
  ["right", (state) => ({ ...state, cursor: next(state) })],
  ["lineStart", (state) => ({ ...state, cursor: 0 })],
  ["lineEnd", (state) => ({ ...state, cursor: state.value.length })],
  ["wordLeft", (state) => ({ ...state, cursor: wordStart(state) })],
  ["wordRight", (state) => ({ ...state, cursor: wordEnd(state) })],
  ["deleteLeft", (state) => remove(state, previous(state), state.cursor)],
  ["deleteRight", (state) => remove(state, state.cursor, next(state))],
  ["deleteWordLeft", (state) => remove(state, wordStart(state), state.cursor)],
  ["deleteWordRight", (state) => remove(state, state.cursor, wordEnd(state))],
  ["deleteToStart", (state) => remove(state, 0, state.cursor)],
  ["deleteToEnd", (state) => remove(state, state.cursor, state.value.length)],
];

function insert({ value, cursor }: TextState, text: string): TextState {
  const inserted = value.slice(0, cursor) + text + value.slice(cursor);
  return settle({ value: inserted, cursor: cursor + text.length });
}

function remove({ value }: TextState, from: number, to: number): TextState {
  return { value: value.slice(0, from) + value.slice(to), cursor: from };
}

function previous({ value, cursor }: TextState): number {
  return cursor - ([...graphemes(value.slice(0, cursor))].at(-1)?.length ?? 0);
}

function next({ value, cursor }: TextState): number {
  return cursor + ([...graphemes(value.slice(cursor))][0]?.length ?? 0);
}

function wordStart({ value, cursor }: TextState): number {
  const left = [...graphemes(value.slice(0, cursor))].reverse();
  return cursor - wordLength(left);
}

function wordEnd({ value, cursor }: TextState): number {
  return cursor + wordLength([...graphemes(value.slice(cursor))]);
}

/** Code units of the separators, then of the word, that `clusters` begins with. */
function wordLength(clusters: string[]): number {
  const word = clusters.findIndex((cluster) => WORD.test(cluster));
  if (word === -1) return clusters.join("").length;
  const gap = clusters.findIndex((cluster, index) => index > word && !WORD.test(cluster));
  return clusters.slice(0, gap === -1 ? undefined : gap).join("").length;
}

/** Puts a cursor that stands inside a grapheme, or beyond the end, after it. */
function settle({ value, cursor }: TextState): TextState {
  let end = 0;
  for (const grapheme of graphemes(value)) {
    if (end >= cursor) break;
    end += grapheme.length;
  }
  return { value, cursor: end };
}

/** The end of a text that fits into `cells`. */
function tail(text: string, cells: number): string {
  let kept = "";
  let room = cells;
  for (const grapheme of [...graphemes(fitWidth(text, textWidth(text)))].reverse()) {
    room -= textWidth(grapheme);
    if (room < 0) break;
    kept = grapheme + kept;
  }
  return kept;
}
