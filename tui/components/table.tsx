import { Box, Text } from "ink";
import { memo } from "react";
import { cut, fitWidth } from "../terminal/safe-text.ts";
import { type TextStyle, type Tone, useTheme } from "../theme.ts";

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** Cells it takes at least; the column that `grow`s takes what is left over. */
  readonly width: number;
  readonly grow?: boolean;
  /** Columns with the lowest number are left out first when the table is narrow; the first column always stays. */
  readonly priority: number;
  readonly align?: "left" | "right";
  cell(row: Row): string;
}

export interface TableSort {
  readonly column: string;
  readonly descending: boolean;
}

export interface TableProps<Row> {
  readonly columns: readonly Column<Row>[];
  /** The rows in view, the first of them row `offset` of the list; undefined where a row is not loaded yet. */
  readonly rows: readonly (Row | undefined)[];
  readonly offset: number;
  /** Selected row, counted over the whole list. */
  readonly selected: number;
  readonly width: number;
  /** Rows of data shown at once, the title line not counted; shorter lists leave blank lines. */
  readonly height: number;
  readonly sort?: TableSort;
  isMarked?(row: Row, position: number): boolean;
  tone?(row: Row): Tone;
  /** Shown where the first row would be when there are none. */
  readonly empty?: string;
}

const GAP = "  ";
/** Marker of the selected row and of marked rows, at the left of every line. */
const MARGIN = 2;

/** The part of a long list that is in view, one line a row. Knows nothing of the rest of the list. */
export function Table<Row>(props: TableProps<Row>) {
  const { columns, rows, offset, selected, width, height, sort, empty = "" } = props;
  const theme = useTheme();
  const fitted = fitColumns(columns, width - MARGIN);
  const titles = line(fitted, (column) => column.title + sortMark(column, sort));

  function lineAt(at: number): { at: number; text: string; style: TextStyle } {
    const row = rows[at];
    const position = offset + at;
    if (row === undefined) {
      const text = at === 0 && rows.length === 0 ? empty : "";
      return { at, text: cut(" ".repeat(MARGIN) + text, width), style: theme.plain };
    }
    const isSelected = position === selected;
    const marks = (isSelected ? theme.marker : " ") + (props.isMarked?.(row, position) ? "*" : " ");
    const style = isSelected ? theme.selected : theme[props.tone?.(row) ?? "plain"];
    return { at, text: marks + line(fitted, (column) => column.cell(row)), style };
  }

  // A line stays, whichever row it shows: what is made anew costs more than what says something else.
  const lines = Array.from({ length: height }, (_, at) => lineAt(at));
  return (
    <Box flexDirection="column" height={height + 1}>
      <Text bold {...theme.muted}>
        {fitWidth(" ".repeat(MARGIN) + titles, width)}
      </Text>
      {lines.map(({ at, text, style }) => (
        <Line key={at} text={text} style={style} />
      ))}
    </Box>
  );
}

/** Drawn again only when it changed, since most lines of a table do not. */
const Line = memo(function Line({ text, style }: { text: string; style: TextStyle }) {
  return <Text {...style}>{text}</Text>;
});

/** The columns that fit into `width`, with the widths they get. */
export function fitColumns<Row>(columns: readonly Column<Row>[], width: number): Column<Row>[] {
  const kept = [...columns];
  while (kept.length > 1 && needed(kept) > width) {
    const least = Math.min(...kept.slice(1).map((column) => column.priority));
    kept.splice(
      kept.findLastIndex((column, index) => index > 0 && column.priority === least),
      1,
    );
  }
  const left = width - needed(kept);
  const growing = kept.findIndex((column) => column.grow);
  const taker = growing === -1 ? kept.length - 1 : growing;
  return kept.map((column, index) => (index === taker ? { ...column, width: column.width + left } : column));
}

function needed<Row>(columns: readonly Column<Row>[]): number {
  const cells = columns.reduce((sum, column) => sum + column.width, 0);
  return cells + GAP.length * (columns.length - 1);
}

function line<Row>(columns: readonly Column<Row>[], text: (column: Column<Row>) => string): string {
  return columns.map((column) => fitWidth(text(column), column.width, column.align)).join(GAP);
}

function sortMark<Row>(column: Column<Row>, sort: TableSort | undefined): string {
  if (sort?.column !== column.id) return "";
  return sort.descending ? " ▾" : " ▴";
}
