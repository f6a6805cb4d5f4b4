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
  rowKey(row: Row): string;
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
  const lines = Array.from({ length: height }, (_, index) => rows[index]);
  return (
    <Box flexDirection="column" height={height + 1}>
      <Text bold {...theme.muted}>
        {fitWidth(" ".repeat(MARGIN) + titles, width)}
      </Text>
      {lines.map((row, index) => {
        const position = offset + index;
        const text = index === 0 && rows.length === 0 ? empty : "";
        if (row === undefined) return <Text key={`blank-${position}`}>{cut(`  ${text}`, width)}</Text>;
        const at = position === selected;
        const marks = (at ? theme.marker : " ") + (props.isMarked?.(row, position) ? "*" : " ");
        const style = at ? theme.selected : theme[props.tone?.(row) ?? "plain"];
        return (
          <Line
            key={props.rowKey(row)}
            text={marks + line(fitted, (column) => column.cell(row))}
            style={style}
          />
        );
      })}
    </Box>
  );
}

/** Drawn again only when it changed, since most rows of a table do not. */
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
