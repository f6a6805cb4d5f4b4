import { cellsOf } from "./cell-width.ts";
import { graphemes } from "./safe-text.ts";
import { applySgr, onBlank, type Style } from "./sgr.ts";

/**
 * One cell of the screen. A wide character fills its own cell and the next, whose text is empty. A space has of its
 * style only what is seen of it.
 */
export interface Cell {
  readonly text: string;
  readonly style: Style;
}

/** A line of the screen: `source` is the text it was parsed from, and tells equal rows apart at a glance. */
export interface Row {
  readonly source: string;
  readonly cells: readonly Cell[];
}

export const BLANK: Cell = { text: " ", style: "" };

const SGR = /\x1b\[([\d;]*)m/y;
const STRAY_ESCAPE = /\x1b(?:\[[\x20-\x3f]*[\x40-\x7e]?)?/y;
const CHARACTERS = /[^\x00-\x1f\x7f-\x9f]+/y;

/** A line of Ink's output as `columns` cells. Only colours pass: any other control is dropped, whatever drew it. */
export function parseRow(source: string, columns: number): Row {
  const cells: Cell[] = [];
  let style: Style = "";
  for (let at = 0; at < source.length && cells.length < columns; ) {
    const sgr = matchAt(SGR, source, at);
    if (sgr) {
      style = applySgr(style, sgr[1] ?? "");
      at += sgr[0].length;
      continue;
    }
    const characters = matchAt(CHARACTERS, source, at)?.[0];
    if (characters) addCharacters(cells, characters, style);
    at += characters?.length ?? matchAt(STRAY_ESCAPE, source, at)?.[0].length ?? 1;
  }
  return { source, cells: toWidth(cells, columns) };
}

export function blankRow(columns: number): Row {
  return { source: "", cells: Array<Cell>(columns).fill(BLANK) };
}

export function sameCell(a: Cell | undefined, b: Cell | undefined): boolean {
  return a === b || (a?.text === b?.text && a?.style === b?.style);
}

function addCharacters(cells: Cell[], characters: string, style: Style): void {
  for (const text of graphemes(characters)) {
    const width = cellsOf(text);
    if (width === 0) joinLast(cells, text);
    else cells.push({ text, style: text === " " ? onBlank(style) : style });
    for (let more = 1; more < width; more++) cells.push({ text: "", style });
  }
}

/** A mark that stands alone belongs to the character before it. */
function joinLast(cells: Cell[], mark: string): void {
  const at = cells.findLastIndex((cell) => cell.text !== "");
  const base = cells[at];
  if (base) cells[at] = { ...base, text: base.text + mark };
}

function toWidth(cells: Cell[], columns: number): Cell[] {
  const kept = cells.slice(0, columns);
  // A wide character that does not fit into the last column is left out whole.
  if (cells[columns]?.text === "") {
    const lead = kept.findLastIndex((cell) => cell.text !== "");
    kept.fill(BLANK, lead);
  }
  while (kept.length < columns) kept.push(BLANK);
  return kept;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
