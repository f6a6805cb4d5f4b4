import type { Collection, Records } from "../records.ts";
import { Tables } from "./table.ts";

/** Records in neighbouring lines, one in each. */
export interface Run<C extends Collection = Collection> {
  collection: C;
  records: readonly Records[C][];
  /** Where the first one stands, from 1. */
  line: number;
}

/** A record of a collection, and its line. */
interface Placed {
  collection: Collection;
  record: Records[Collection];
  line: number;
}

/** The tables that hold these records. */
export function tablesOf(runs: readonly Run[]): Tables {
  const tables = new Tables();
  for (const run of runs) fill(tables, run);
  return tables;
}

function fill<C extends Collection>(tables: Tables, { collection, records }: Run<C>): void {
  const table = tables.view(collection);
  for (const record of records) table.put(record);
}

/** Each record with the line that it stands in. */
export function* recordsOf(runs: readonly Run[]): Generator<Placed> {
  for (const { collection, records, line } of runs) {
    for (const [index, record] of records.entries()) yield { collection, record, line: line + index };
  }
}
