import type { ReactNode } from "react";
import { Table, type TableProps } from "../components/table.tsx";
import { useBody } from "./frame.tsx";
import { Loading } from "./loading.tsx";

/** The line of tabs, the blank one under it, and the column titles. */
const CHROME_ROWS = 3;

export interface TabTableProps<Row> extends Omit<TableProps<Row>, "width" | "height"> {
  readonly tabs: ReactNode;
  readonly loading: boolean;
  /** There is something to show, or to say that there is nothing. */
  readonly known: boolean;
}

/** What a user's tab looks like that is a table. */
export function TabTable<Row>({ tabs, loading, known, ...table }: TabTableProps<Row>) {
  const { columns } = useBody();
  const height = useTabHeight();
  return (
    <>
      {tabs}
      {loading && <Loading />}
      {known && <Table {...table} width={columns} height={height} />}
    </>
  );
}

/** The rows that such a tab shows at once. */
export function useTabHeight(): number {
  return useBody().rows - CHROME_ROWS;
}
