import { useState } from "react";
import { moveTable, type TableMove, type TableState, tableMove } from "../components/table-state.ts";
import type { InputEvent } from "../terminal/input-events.ts";

export interface Rows<Row> extends TableState {
  current: Row | undefined;
  /** The rows in view. */
  rows: readonly Row[];
  move(move: TableMove): void;
  /** Goes to a row, once it is there. */
  select(key: string): void;
  /** Moves where the key is a moving one; says whether it was. */
  onKey(event: InputEvent): boolean;
}

/** A place in a list that is all here: the selected row stays selected, wherever in the list it is now. */
export function useRows<Row>(items: readonly Row[], height: number, keyOf: (row: Row) => string): Rows<Row> {
  const [place, setPlace] = useState({ key: "", selected: 0, offset: 0 });
  const extent = { total: items.length, height };
  const [wanted, setWanted] = useState<string | null>(null);
  const found = items.findIndex((row) => keyOf(row) === place.key);
  const shift = found === -1 ? 0 : found - place.selected;
  const kept = { selected: place.selected + shift, offset: Math.max(0, place.offset + shift) };
  const { selected, offset } = moveTable(kept, { to: kept.selected }, extent);
  const current = items[selected];
  const key = current === undefined ? "" : keyOf(current);
  if (key !== place.key) setPlace({ key, selected, offset });

  const at = wanted === null ? -1 : items.findIndex((row) => keyOf(row) === wanted);
  if (at !== -1) {
    setWanted(null);
    move({ to: at });
  }

  function move(step: TableMove): void {
    const next = moveTable({ selected, offset }, step, extent);
    const row = items[next.selected];
    setPlace({ ...next, key: row === undefined ? "" : keyOf(row) });
  }

  function onKey(event: InputEvent): boolean {
    const step = tableMove(event);
    if (step) move(step);
    return step !== undefined;
  }

  return {
    selected,
    offset,
    current,
    rows: items.slice(offset, offset + height),
    move,
    select: setWanted,
    onKey,
  };
}
