const WORD_BITS = 32;
/** Words of one bucket in a block: a bit for each of its 1,024 slots. */
const WORDS = 32;
const SLOTS = WORDS * WORD_BITS;
/** 128 bytes a slot; a text of 50 characters sets one bit in twelve of its own. */
const BUCKETS = 1024;
/** The first buckets are those of the ASCII characters by themselves; all others share the rest. */
const OWN_BUCKETS = 128;
const SHARED_BUCKETS = BUCKETS - OWN_BUCKETS;
/** Stands before a text's first character, and before each one by itself. */
const NOTHING = 0;

/**
 * Which slots' texts have which characters and pairs of neighbouring characters, hashed into buckets with a bit for each
 * slot: a text can stand only where all of its pairs do. (A bitmap index of n-grams.)
 */
export class PairBitmaps {
  readonly #blocks = new Map<number, Uint32Array>();

  /** At a slot that has none, or whose bits were cleared. */
  add(slot: number, text: string): void {
    const bits = this.#blockOf(slot);
    const word = wordOf(slot);
    const mask = maskOf(slot);
    let before = NOTHING;
    for (let index = 0; index < text.length; index++) {
      const character = text.charCodeAt(index);
      setBit(bits, bucketOf(NOTHING, character) * WORDS + word, mask);
      setBit(bits, bucketOf(before, character) * WORDS + word, mask);
      before = character;
    }
  }

  clear(slot: number): void {
    const bits = this.#blockOf(slot);
    const others = ~maskOf(slot);
    for (let at = wordOf(slot); at < bits.length; at += WORDS) bits[at] = (bits[at] ?? 0) & others;
  }

  /** Sets `marks` at all slots whose text contains this one, and at some others unless `isExact`. */
  mark(text: string, marks: Uint8Array): void {
    const buckets = bucketsOf(text);
    for (const [index, bits] of this.#blocks) markBlock(bits, buckets, marks, index * SLOTS);
  }

  /** Whether only slots whose text contains this one are marked. */
  isExact(text: string): boolean {
    return text.length === 1 && text.charCodeAt(0) < OWN_BUCKETS;
  }

  #blockOf(slot: number): Uint32Array {
    const index = Math.floor(slot / SLOTS);
    const present = this.#blocks.get(index);
    if (present) return present;
    const block = new Uint32Array(BUCKETS * WORDS);
    this.#blocks.set(index, block);
    return block;
  }
}

/** A function of its own: called for each block, it is compiled within the first search. */
function markBlock(bits: Uint32Array, buckets: readonly number[], marks: Uint8Array, start: number): void {
  for (let word = 0; word < WORDS; word++) {
    let common = -1;
    for (const bucket of buckets) common &= bits[bucket * WORDS + word] ?? 0;
    const first = start + word * WORD_BITS;
    for (; common !== 0; common &= common - 1) marks[first + lowestBit(common)] = 1;
  }
}

function wordOf(slot: number): number {
  return Math.floor((slot % SLOTS) / WORD_BITS);
}

function maskOf(slot: number): number {
  return 1 << (slot % WORD_BITS);
}

function setBit(bits: Uint32Array, at: number, mask: number): void {
  bits[at] = (bits[at] ?? 0) | mask;
}

/** The buckets that hold every slot with this text. */
function bucketsOf(text: string): number[] {
  const buckets = new Set<number>();
  if (text.length === 1) buckets.add(bucketOf(NOTHING, text.charCodeAt(0)));
  for (let index = 1; index < text.length; index++) {
    buckets.add(bucketOf(text.charCodeAt(index - 1), text.charCodeAt(index)));
  }
  return [...buckets];
}

/** Fibonacci hashing: multiplied by 2^32 over the golden ratio, the high bits are spread best. */
function bucketOf(before: number, character: number): number {
  if (before === NOTHING && character < OWN_BUCKETS) return character;
  const spread = Math.imul(Math.imul(before, 0x9e3779b1) + character, 0x9e3779b1) >>> 16;
  return OWN_BUCKETS + ((spread * SHARED_BUCKETS) >>> 16);
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
