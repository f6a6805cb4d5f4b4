import { editText } from "../components/text-editing.ts";
import { matches } from "../keymap.ts";
import type { InputEvent } from "../terminal/input-events.ts";

/** Lines being edited; `column` counts code units in line `row`. */
export interface TextAreaState {
  readonly lines: readonly string[];
  readonly row: number;
  readonly column: number;
}

/** The text with the cursor before code unit `at` of it. */
export function textAreaOf(text: string, at = 0): TextAreaState {
  const before = text.slice(0, at).split("\n");
  return { lines: text.split("\n"), row: before.length - 1, column: before.at(-1)?.length ?? 0 };
}

/** The text after an event, or undefined when the event is no business of a text area. */
export function editArea(state: TextAreaState, event: InputEvent, page: number): TextAreaState | undefined {
  if (event.kind === "paste") return insert(state, event.text);
  if (matches(event, "newLine")) return insert(state, "\n");
  const vertical = verticalStep(event, page);
  if (vertical !== undefined) return go(state, state.row + vertical, state.column);
  if (event.name === "backspace" && state.column === 0) return joinUp(state);
  const line = state.lines[state.row] ?? "";
  if (event.name === "delete" && state.column >= line.length) return joinDown(state);
  const edited = editText({ value: line, cursor: state.column }, event);
  if (!edited) return undefined;
  return { ...state, lines: state.lines.with(state.row, edited.value), column: edited.cursor };
}

function verticalStep(event: InputEvent, page: number): number | undefined {
  if (event.kind === "paste" || event.ctrl || event.alt) return undefined;
  switch (event.name) {
    case "up":
      return -1;
    case "down":
      return 1;
    case "pageUp":
      return -page;
    case "pageDown":
      return page;
    default:
      return undefined;
  }
}

function go(state: TextAreaState, row: number, column: number): TextAreaState {
  const target = Math.max(0, Math.min(state.lines.length - 1, row));
  return { ...state, row: target, column: Math.min(column, state.lines[target]?.length ?? 0) };
}

function insert({ lines, row, column }: TextAreaState, text: string): TextAreaState {
  const line = lines[row] ?? "";
  const after = line.slice(column);
  const inserted = (line.slice(0, column) + text).split("\n");
  const last = inserted.at(-1) ?? "";
  return {
    lines: lines.toSpliced(row, 1, ...inserted.with(-1, last + after)),
    row: row + inserted.length - 1,
    column: last.length,
  };
}

function joinUp({ lines, row, ...rest }: TextAreaState): TextAreaState {
  const above = lines[row - 1];
  if (above === undefined) return { ...rest, lines, row };
  return {
    lines: lines.toSpliced(row - 1, 2, above + (lines[row] ?? "")),
    row: row - 1,
    column: above.length,
  };
}

function joinDown({ lines, row, column }: TextAreaState): TextAreaState {
  const below = lines[row + 1];
  if (below === undefined) return { lines, row, column };
  return { lines: lines.toSpliced(row, 2, (lines[row] ?? "") + below), row, column };
}
