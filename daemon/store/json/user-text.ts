import { foldCase, type UserRows } from "./user-rows.ts";

/** Slots a chunk: few enough that making one anew after a change is quick. */
const CHUNK = 512;
const NEWLINE = "\n";

/** The texts of a chunk's slots, each ended by a newline. */
interface Chunk {
  bytes: Uint8Array;
  /** Where each slot's text ends. */
  ends: Uint32Array;
}

/**
 * What a text filter searches: usernames and full names, folded, as UTF-8 held ready in one piece a chunk. (A call of
 * `includes` for each user costs several times as much as this scan of everything.)
 */
export class UserText {
  readonly #rows: UserRows;
  /** Null: to be made when it is searched next. */
  readonly #chunks: (Chunk | null)[] = [];

  constructor(rows: UserRows) {
    this.#rows = rows;
  }

  /** The text at this slot is another one. */
  changed(slot: number): void {
    this.#chunks[Math.floor(slot / CHUNK)] = null;
  }

  /** Sets `marks` at the slots of users whose username or full name contains the text. */
  mark(text: string, marks: Uint8Array): void {
    const sought = foldCase(text);
    // What is sought stands in one line: a username or a full name.
    if (sought.includes(NEWLINE)) return;
    const needle = Buffer.from(sought);
    const shifts = shiftsOf(needle);
    for (let index = 0; index * CHUNK < this.#rows.length; index++) {
      markChunk(this.#chunk(index), needle, shifts, marks, index * CHUNK);
    }
  }

  #chunk(index: number): Chunk {
    const ready = this.#chunks[index];
    if (ready) return ready;
    const texts: string[] = [];
    const ends = new Uint32Array(CHUNK);
    let end = 0;
    for (let at = 0; at < CHUNK; at++) {
      const row = this.#rows.at(index * CHUNK + at);
      const text = row ? `${row.username}\n${row.fullName}\n` : NEWLINE;
      end += Buffer.byteLength(text);
      texts.push(text);
      ends[at] = end;
    }
    const chunk = { bytes: Buffer.from(texts.join("")), ends };
    this.#chunks[index] = chunk;
    return chunk;
  }
}

/** Horspool's table: how far to go on after a last byte that did not lead to a match. */
function shiftsOf(needle: Uint8Array): Uint8Array {
  const shifts = new Uint8Array(256).fill(Math.min(255, needle.length));
  for (let at = 0; at < needle.length - 1; at++) {
    shifts[needle[at] ?? 0] = Math.min(255, needle.length - 1 - at);
  }
  return shifts;
}

/** Horspool's search (Software: Practice and Experience 10, 1980) that leaves a slot's text at its first match. */
function markChunk(
  { bytes, ends }: Chunk,
  needle: Uint8Array,
  shifts: Uint8Array,
  marks: Uint8Array,
  firstSlot: number,
): void {
  const last = needle.length - 1;
  const lastByte = needle[last];
  let slot = 0;
  for (let end = last; end < bytes.length; ) {
    const byte = bytes[end] ?? 0;
    if (byte !== lastByte || !endsAt(bytes, needle, end)) {
      end += shifts[byte] ?? 1;
      continue;
    }
    while ((ends[slot] ?? 0) <= end) slot += 1;
    marks[firstSlot + slot] = 1;
    end = (ends[slot] ?? 0) + last;
  }
}

/** Whether `needle` ends at `end` of `bytes`, where its last byte is known to be. */
function endsAt(bytes: Uint8Array, needle: Uint8Array, end: number): boolean {
  const start = end - needle.length + 1;
  for (let at = needle.length - 2; at >= 0; at--) if (bytes[start + at] !== needle[at]) return false;
  return true;
}
