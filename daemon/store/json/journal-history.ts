import type { Entry } from "../../../protocol/index.ts";
import type { EntryPage, EntryQuery } from "../store.ts";
import type { EntryIndex } from "./entry-index.ts";
import { GrowingPage } from "./growing-page.ts";
import { entriesOf, missing } from "./line.ts";
import type { NewestEntries } from "./newest-entries.ts";
import { readLines, readLinesBackwards } from "./read-lines.ts";
import { type Durable, type OpenSegment, SegmentFiles, type SegmentFilesParts } from "./segment-files.ts";

export interface JournalHistoryParts extends SegmentFilesParts {
  durable: () => Durable;
}

/** What is known of entries without reading the journal: where those are that match, and the newest themselves. */
export interface Indexed {
  index: EntryIndex;
  newest: NewestEntries;
}

/** Whoever looks through lines, newest first. */
export interface LineTaker {
  /** What comes before this position is to be taken next. */
  readonly next: number;
  /** It wants no more. */
  readonly isDone: boolean;
  /** These end before `next`; in their order, each with its newline. Throws `LineProblem` where one is missing. */
  take(lines: readonly Buffer[]): Promise<void> | void;
}

/** So many lines that were found are read at the same time. */
const READ_AT_ONCE = 16;

/**
 * Reads entries back from the journal, live and sealed. The chain of hashes is not followed; damage that shows all the
 * same throws `StoreError`.
 */
export class JournalHistory {
  readonly #parts: JournalHistoryParts;
  readonly #files: SegmentFiles;

  constructor(parts: JournalHistoryParts) {
    this.#parts = parts;
    this.#files = new SegmentFiles(parts);
  }

  /** Newest first: what is indexed is looked up, what is not is looked through. */
  async query(
    { before = Number.POSITIVE_INFINITY, ...query }: EntryQuery,
    indexed: Indexed | null = null,
  ): Promise<EntryPage> {
    const durable = this.#parts.durable();
    const oldest = () => Math.max(this.#parts.anchor().seq, query.after ?? 0) + 1;
    const page = new GrowingPage(query, Math.min(before, durable.seq + 1));
    while (!page.isDone && indexed?.index.has(page.next - 1)) {
      const { index, newest } = indexed;
      const { first } = index;
      const found = index.find(query, page.next, oldest());
      const atHand = found.flatMap((position) => newest.at(position) ?? []);
      for (const entry of atHand) page.takeEntry(entry);
      await this.#takeFound(found.slice(atHand.length), page, durable);
      if (found.length < query.limit) page.skipTo(first);
    }
    await this.readBack(page, durable);
    const { items, next } = page;
    return { items, next: next > oldest() ? next : null };
  }

  /** Looks back through what is kept as far as the taker wants. */
  async readBack(taker: LineTaker, durable = this.#parts.durable()): Promise<void> {
    while (!taker.isDone) {
      const opened = await this.#files.open(taker.next - 1, durable);
      if (!opened) return;
      await this.#reading(opened, () => readSegmentBack(opened, taker));
    }
  }

  /** All that is durable after `position`, oldest first; null when not all of that is kept, or it is yet to come. */
  since(position: number): AsyncIterable<readonly Entry[]> | null {
    const durable = this.#parts.durable();
    if (position < this.#parts.anchor().seq || position > durable.seq) return null;
    return this.#forwards(position, durable);
  }

  /** The page takes the lines at these positions, newest first, as far as it needs and they are kept. */
  async #takeFound(positions: readonly number[], page: GrowingPage, durable: Durable): Promise<void> {
    for (let left = positions; left[0] !== undefined && !page.isDone; ) {
      const opened = await this.#files.open(left[0], durable);
      if (!opened) return;
      const within = left.filter((position) => position > opened.start);
      await this.#reading(opened, () => takeFromSegment(opened, within, page));
      left = left.slice(within.length);
    }
  }

  async *#forwards(position: number, durable: Durable): AsyncGenerator<readonly Entry[]> {
    let reached = position;
    while (reached < durable.seq) {
      const opened = await this.#files.open(reached + 1, durable);
      if (!opened) throw new Error(`The entries after position ${reached} were pruned meanwhile`);
      const { file, size, marks } = opened;
      const begun = reached;
      try {
        const { offset } = await marks.find(file, size, reached + 1);
        for await (const lines of readLines(file, offset, size)) {
          const entries = lines.flatMap(entriesOf).filter(({ seq }) => seq > reached && seq <= durable.seq);
          if (entries.length === 0) continue;
          for (const { seq } of entries) {
            if (seq !== reached + 1) throw missing(reached + 1);
            reached = seq;
          }
          yield entries;
        }
        if (reached === begun) throw missing(reached + 1);
      } catch (error) {
        throw await this.#files.told(opened, error);
      } finally {
        await file.close();
      }
    }
  }

  async #reading(opened: OpenSegment, read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      throw await this.#files.told(opened, error);
    } finally {
      await opened.file.close();
    }
  }
}

async function takeFromSegment(
  { file, size, marks }: OpenSegment,
  positions: readonly number[],
  page: GrowingPage,
): Promise<void> {
  for (let at = 0; at < positions.length && !page.isDone; at += READ_AT_ONCE) {
    const found = await marks.findAll(file, size, positions.slice(at, at + READ_AT_ONCE));
    for (const { position, line } of found) page.takeFound(position, line);
  }
}

/** Reads back through a segment as far as the taker wants, and leaves marks behind. */
async function readSegmentBack({ start, file, size, marks }: OpenSegment, taker: LineTaker): Promise<void> {
  const last = await marks.find(file, size, taker.next - 1);
  let begin = last.offset + last.line.length;
  for await (const lines of readLinesBackwards(file, begin)) {
    begin -= lengthOf(lines);
    marks.note(lines, begin);
    await taker.take(lines);
    if (taker.isDone) return;
  }
  if (taker.next - 1 !== start) throw missing(taker.next - 1);
}

function lengthOf(lines: readonly Buffer[]): number {
  return lines.reduce((sum, { length }) => sum + length, 0);
}
