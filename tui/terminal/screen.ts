import { blankRow, parseRow, type Row } from "./cells.ts";
import type { Size } from "./context.tsx";
import { HOME, Pen, type PenState } from "./pen.ts";
import { drawRow } from "./row-diff.ts";
import { findScroll, type Scroll, scrolled } from "./scroll.ts";

/** With fewer changed rows there is no block to scroll. */
const SCROLL_ROWS = 3;

/** What the terminal shows, and the bytes that make it show something else. */
export class Screen {
  #size: Size;
  #frame = "";
  /** Undefined when nobody knows what the terminal shows. */
  #shown: readonly Row[] | undefined;
  #pen: PenState = HOME;

  constructor(size: Size) {
    this.#size = size;
  }

  /** The fewest bytes that bring the terminal from what it shows to `frame`, a full frame of Ink. */
  draw(frame: string): string {
    this.#frame = frame;
    const wanted = this.#parse(frame);
    const pen = this.#shown ? this.#update(this.#shown, wanted) : this.#drawAll(wanted);
    this.#shown = wanted;
    this.#pen = pen.state;
    return pen.bytes;
  }

  /** The bytes that draw the last frame anew, every cell of it. */
  redraw(): string {
    this.#shown = undefined;
    return this.draw(this.#frame);
  }

  /** After this the next frame draws every cell. */
  resize(size: Size): void {
    this.#size = size;
    this.#shown = undefined;
  }

  #parse(frame: string): Row[] {
    const { columns, rows } = this.#size;
    const known = new Map(this.#shown?.map((row) => [row.source, row]));
    const blank = blankRow(columns);
    const lines = frame.split("\n", rows).map((line) => known.get(line) ?? parseRow(line, columns));
    return Array.from({ length: rows }, (_, at) => lines[at] ?? blank);
  }

  #drawAll(wanted: readonly Row[]): Pen {
    const pen = new Pen(this.#size, HOME);
    pen.clear();
    this.#drawRows(pen, [], wanted);
    return pen;
  }

  #update(shown: readonly Row[], wanted: readonly Row[]): Pen {
    const still = this.#change(shown, wanted);
    const changed = wanted.filter((row, at) => row.source !== shown[at]?.source).length;
    const scroll = changed < SCROLL_ROWS ? undefined : findScroll(shown, wanted);
    if (!scroll) return still;
    const moved = this.#change(shown, wanted, scroll);
    return moved.bytes.length < still.bytes.length ? moved : still;
  }

  #change(shown: readonly Row[], wanted: readonly Row[], scroll?: Scroll): Pen {
    const pen = new Pen(this.#size, this.#pen);
    if (scroll) pen.scroll(scroll.top, scroll.bottom, scroll.lines);
    const before = scroll ? scrolled(shown, scroll, blankRow(this.#size.columns)) : shown;
    this.#drawRows(pen, before, wanted);
    return pen;
  }

  #drawRows(pen: Pen, shown: readonly Row[], wanted: readonly Row[]): void {
    const blank = blankRow(this.#size.columns);
    for (const [at, row] of wanted.entries()) drawRow(pen, at, shown[at] ?? blank, row);
  }
}
