import { matches } from "../keymap.ts";
import type { InputEvent } from "../terminal/input-events.ts";
import { useKeys } from "../terminal/keys.tsx";

/** Which row is selected and which is shown first, both counted from 0 over the whole list. */
export interface TableState {
  readonly selected: number;
  readonly offset: number;
}

/** How many rows there are, and how many are shown at once. */
export interface TableExtent {
  readonly total: number;
  readonly height: number;
}

export type TableMove = "up" | "down" | "pageUp" | "pageDown" | "first" | "last" | { readonly to: number };

const MOVES = ["up", "down", "pageUp", "pageDown", "first", "last"] as const;

/** The state after a move, kept inside the list and with the selected row in view. */
export function moveTable(state: TableState, move: TableMove, { total, height }: TableExtent): TableState {
  const selected = clamp(target(state, move, height, total), total - 1);
  const page = move === "pageUp" ? -height : move === "pageDown" ? height : 0;
  const offset = clamp(state.offset + page, total - height);
  if (selected < offset) return { selected, offset: selected };
  if (selected >= offset + height) return { selected, offset: clamp(selected - height + 1, selected) };
  return { selected, offset };
}

/** The move that a key asks for. */
export function tableMove(event: InputEvent): TableMove | undefined {
  return MOVES.find((move) => matches(event, move));
}

/** Hands the moving keys to `onMove`. */
export function useTableKeys(onMove: (move: TableMove) => void, options: { active?: boolean } = {}): void {
  useKeys((event) => {
    const move = tableMove(event);
    if (move === undefined) return false;
    onMove(move);
    return true;
  }, options);
}

function target({ selected }: TableState, move: TableMove, height: number, total: number): number {
  switch (move) {
    case "up":
      return selected - 1;
    case "down":
      return selected + 1;
    case "pageUp":
      return selected - height;
    case "pageDown":
      return selected + height;
    case "first":
      return 0;
    case "last":
      return total - 1;
    default:
      return move.to;
  }
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}
