import { isPlain } from "./cell-width.ts";
import { BLANK, type Cell } from "./cells.ts";
import type { Size } from "./context.tsx";
import { onBlank, type Style, sgrTransition } from "./sgr.ts";

/** Where the terminal's cursor is and how it draws; a column that is not known is undefined. */
export interface PenState {
  readonly row: number;
  readonly column: number | undefined;
  readonly style: Style;
}

export const HOME: PenState = { row: 0, column: 0, style: "" };

/** Writes to the screen with as few bytes as it can, from where the last pen left the cursor. */
export class Pen {
  readonly #size: Size;
  #state: PenState;
  #bytes = "";

  constructor(size: Size, state: PenState) {
    this.#size = size;
    this.#state = state;
  }

  get bytes(): string {
    return this.#bytes;
  }

  get state(): PenState {
    return this.#state;
  }

  /** Whether the cell needs no other style than the pen has. */
  draws(cell: Cell): boolean {
    const { style } = this.#state;
    return cell.style === (cell.text === " " ? onBlank(style) : style);
  }

  /** Draws a cell and, when it is wide, the one it reaches into. */
  put(row: number, column: number, cell: Cell, width: number): void {
    this.#moveTo(row, column);
    if (!this.draws(cell)) this.#setStyle(cell.style);
    this.#bytes += cell.text;
    const end = column + width;
    // Terminals disagree about the width of other characters; after those the cursor is placed anew.
    this.#state = {
      ...this.#state,
      column: isPlain(cell.text) && end < this.#size.columns ? end : undefined,
    };
  }

  eraseToEnd(row: number, column: number): void {
    if (!this.draws(BLANK)) this.#setStyle("");
    this.#moveTo(row, column);
    this.#bytes += "\x1b[K";
  }

  clear(): void {
    this.#bytes += "\x1b[m\x1b[H\x1b[2J";
    this.#state = HOME;
  }

  /** Moves rows `top` to `bottom` up by `lines`, or down when negative; what is left over is blank. */
  scroll(top: number, bottom: number, lines: number): void {
    if (!this.draws(BLANK)) this.#setStyle("");
    const count = Math.abs(lines) === 1 ? "" : String(Math.abs(lines));
    // Deleting and inserting lines is known to every terminal; the Linux console has no SU and SD.
    const deed = lines > 0 ? "M" : "L";
    this.#bytes += `\x1b[${top + 1};${bottom + 1}r${absolute(top, 0)}\x1b[${count}${deed}\x1b[r`;
    this.#state = { ...HOME, style: this.#state.style };
  }

  #setStyle(style: Style): void {
    this.#bytes += sgrTransition(this.#state.style, style);
    this.#state = { ...this.#state, style };
  }

  #moveTo(row: number, column: number): void {
    const from = this.#state;
    if (from.row === row && from.column === column) return;
    this.#bytes += ways(from, row, column).reduce((best, way) => (way.length < best.length ? way : best));
    this.#state = { ...from, row, column };
  }
}

function ways(from: PenState, row: number, column: number): string[] {
  const found = [absolute(row, column)];
  const right = column === 0 ? "" : forward(column);
  if (row === from.row) found.push(`\r${right}`, `\x1b[${column + 1}G`);
  // Not CR LF: the line discipline makes three bytes of those two. Vertical tab is a line feed to every terminal.
  if (row === from.row + 1) found.push(`\x1bE${right}`, `\v\x1b[${column + 1}G`);
  if (from.column === undefined) return found;
  if (row === from.row + 1 && column === from.column) found.push("\v");
  if (row === from.row && column > from.column) found.push(forward(column - from.column));
  if (row === from.row && column < from.column) found.push("\b".repeat(from.column - column));
  if (column === from.column && row > from.row) found.push(`\x1b[${some(row - from.row)}B`);
  if (column === from.column && row < from.row) found.push(`\x1b[${some(from.row - row)}A`);
  return found;
}

function absolute(row: number, column: number): string {
  if (column > 0) return `\x1b[${row === 0 ? "" : row + 1};${column + 1}H`;
  return `\x1b[${row === 0 ? "" : row + 1}H`;
}

function forward(columns: number): string {
  return `\x1b[${some(columns)}C`;
}

function some(count: number): string {
  return count === 1 ? "" : String(count);
}
