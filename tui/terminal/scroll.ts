import type { Row } from "./cells.ts";

/** Rows `top` to `bottom` of the screen move up by `lines`, or down when negative. */
export interface Scroll {
  readonly top: number;
  readonly bottom: number;
  readonly lines: number;
}

/** Fewer rows than this are not worth moving. */
const FEWEST = 2;

/** The largest block of rows that is wanted elsewhere than it is shown. */
export function findScroll(shown: readonly Row[], wanted: readonly Row[]): Scroll | undefined {
  let best: { scroll: Scroll; rows: number } | undefined;
  for (let lines = 1 - shown.length; lines < shown.length; lines++) {
    if (lines === 0) continue;
    const block = largestBlock(shown, wanted, lines);
    if (block.gained < FEWEST || block.gained <= (best?.rows ?? 0)) continue;
    const top = Math.min(block.start, block.start + lines);
    const bottom = Math.max(block.end, block.end + lines) - 1;
    best = { scroll: { top, bottom, lines }, rows: block.gained };
  }
  return best?.scroll;
}

/** The rows as they are shown after a scroll. */
export function scrolled(rows: readonly Row[], { top, bottom, lines }: Scroll, blank: Row): Row[] {
  return rows.map((row, at) => {
    if (at < top || at > bottom) return row;
    const from = at + lines;
    return from < top || from > bottom ? blank : (rows[from] ?? blank);
  });
}

/** The run of wanted rows that are shown `lines` further down, by how many of them are not in place already. */
function largestBlock(shown: readonly Row[], wanted: readonly Row[], lines: number) {
  let best = { start: 0, end: 0, gained: 0 };
  let start = 0;
  let gained = 0;
  for (let at = 0; at < wanted.length; at++) {
    const source = wanted[at]?.source;
    if (source !== shown[at + lines]?.source) {
      start = at + 1;
      gained = 0;
      continue;
    }
    if (source !== "" && source !== shown[at]?.source) gained++;
    if (gained > best.gained) best = { start, end: at + 1, gained };
  }
  return best;
}
