import { FilterLine } from "../components/filter-line.tsx";
import { Table, type TableProps } from "../components/table.tsx";
import { useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";
import type { FilterState } from "./use-filter.ts";

/** Filter line and column titles. */
const CHROME_ROWS = 2;

export interface ListBodyProps<Row> extends Omit<TableProps<Row>, "width" | "height"> {
  readonly filter: FilterState<unknown>;
  /** The filter terms by example. */
  readonly placeholder: string;
  /** How much there is. */
  readonly count: string;
  /** False until there is something to show, or to say that there is nothing. */
  readonly known: boolean;
  readonly failed: boolean;
}

/** What every list looks like below the header: the filter line, then the rows. */
export function ListBody<Row>(props: ListBodyProps<Row>) {
  const { filter, placeholder, count, known, failed, empty = "", ...table } = props;
  const { columns } = useBody();
  const height = useListHeight();
  return (
    <>
      <FilterLine
        line={filter.line}
        typing={filter.typing}
        placeholder={placeholder}
        count={count}
        width={columns}
        onChange={filter.change}
      />
      {!known && !failed && <Loading />}
      {known && (
        <Table
          {...table}
          width={columns}
          height={height}
          empty={filter.line === "" ? empty : "Nothing matches."}
        />
      )}
    </>
  );
}

/** The rows that a list shows at once. */
export function useListHeight(): number {
  return Math.max(1, useBody().rows - CHROME_ROWS);
}
