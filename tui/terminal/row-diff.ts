import { isPlain } from "./cell-width.ts";
import { BLANK, type Cell, type Row, sameCell } from "./cells.ts";
import type { Pen } from "./pen.ts";

/** Cells that did not change are drawn again rather than jumped over when there are no more than this. */
const SHORT_GAP = 4;
/** Erasing to the end of the line costs about as much as this many spaces. */
const ERASE_COST = 6;

/**
 * Draws what differs between the row that is shown and the wanted one. The second cell of a wide character is empty
 * and so differs from any other, which keeps both halves together.
 */
export function drawRow(pen: Pen, at: number, shown: Row, wanted: Row): void {
  if (shown.source === wanted.source) return;
  const dirty = wanted.cells.map((cell, column) => !sameCell(cell, shown.cells[column]));
  const eraseFrom = erasable(wanted.cells, dirty);
  const end = eraseFrom ?? wanted.cells.length;
  for (let column = 0; column < end; column++) {
    const cell = wanted.cells[column];
    if (!cell || cell.text === "") continue;
    if (!dirty[column] && !bridges(pen, at, column, wanted.cells, dirty)) continue;
    const width = wanted.cells[column + 1]?.text === "" ? 2 : 1;
    pen.put(at, column, cell, width);
    // A terminal that draws it wider than we count has spoilt the neighbour.
    if (!isPlain(cell.text) && column + width < end) dirty[column + width] = true;
  }
  if (eraseFrom !== undefined) pen.eraseToEnd(at, eraseFrom);
}

/** The column from which the rest of the row is blank and enough of it is not yet. */
function erasable(cells: readonly Cell[], dirty: readonly boolean[]): number | undefined {
  const from = cells.findLastIndex((cell) => !sameCell(cell, BLANK)) + 1;
  const spared = dirty.slice(from).filter(Boolean).length;
  return spared > ERASE_COST ? from : undefined;
}

/** Whether an unchanged cell lies in a short gap that is cheaper written than jumped over. */
function bridges(
  pen: Pen,
  row: number,
  column: number,
  cells: readonly Cell[],
  dirty: readonly boolean[],
): boolean {
  const { row: penRow, column: penColumn } = pen.state;
  if (penRow !== row || penColumn !== column) return false;
  for (let ahead = column; ahead <= column + SHORT_GAP; ahead++) {
    const cell = cells[ahead];
    if (dirty[ahead]) return ahead > column;
    if (!cell || !pen.draws(cell) || cell.text.length !== 1) return false;
  }
  return false;
}
