import { useState } from "react";
import { moveTable, tableMove } from "../components/table-state.ts";
import type { InputEvent } from "../terminal/input-events.ts";

export interface Scroll {
  /** The first line to show. */
  top: number;
  /** Moves where the key is a moving one; says whether it was. */
  onKey(event: InputEvent): boolean;
}

/** Which of `total` lines to show in `height` rows; the moving keys scroll. */
export function useScroll(total: number, height: number): Scroll {
  const [wanted, setTop] = useState(0);
  const last = Math.max(0, total - height);
  const top = Math.min(wanted, last);
  function onKey(event: InputEvent): boolean {
    const move = tableMove(event);
    if (!move) return false;
    setTop(moveTable({ selected: top, offset: top }, move, { total: last + 1, height }).selected);
    return true;
  }
  return { top, onKey };
}
