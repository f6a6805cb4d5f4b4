import { looksWhole } from "./line.ts";

/** What stands behind the last good line of the journal's last segment. */
export type TailKind =
  /** Zeros that were written ahead. */
  | "unused"
  /** A group whose write never finished; it was not acknowledged. */
  | "torn"
  | "damaged";

/** Far longer than any run of zeros that a flipped bit can make; a block that was never written has 512 or more. */
const ZEROS = Buffer.alloc(16);
const NEWLINE = 10;

/**
 * Tells what the bytes behind position `seq` are. Of a write that never finished, bytes are missing or zero where they
 * were never written, in any place, since a disk writes blocks in any order; and no whole line tells that what was to be
 * there had been on disk. What was changed, instead of not written, is damage.
 */
export function tailKind(tail: Buffer, seq: number): TailKind {
  const written = withoutZeros(tail);
  if (written.length === 0) return "unused";
  const [first, ...rest] = pieces(tail);
  const unterminated = tail.indexOf(NEWLINE) < 0;
  const isUnwritten = unterminated || first?.[0] === 0 || first?.includes(ZEROS);
  if (!isUnwritten) return "damaged";
  if (unterminated && looksWhole(written.subarray(0, -1))) return "damaged";
  return rest.some((piece) => tellsDurable(piece, seq + 1)) ? "damaged" : "torn";
}

export function withoutZeros(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}

/** Whether the bytes are a whole line that was written when position `seq` was on disk: in a later group than it. */
function tellsDurable(bytes: Buffer, seq: number): boolean {
  return looksWhole(bytes) && !(Object(JSON.parse(bytes.toString()).public).durable < seq);
}

function pieces(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    found.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return found;
}
