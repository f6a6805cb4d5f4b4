import type { UsageRecord } from "../records.ts";
import type { OwnedQuery, Window } from "../store.ts";
import { FilteredOrder, MarkedSlots } from "./filtered-order.ts";
import { finish, type Work } from "./idle-work.ts";
import { RowOrder } from "./row-order.ts";
import { Rows } from "./rows.ts";
import { foldCase, SlotText } from "./slot-text.ts";
import type { SortedSlots } from "./sorted-slots.ts";
import { ascending, type Ordered } from "./user-orders.ts";

/** A key or a session. */
export interface Owned {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: string;
}

/** Where lists find what is kept apart from the records. */
export interface Surroundings<R extends Owned> {
  /** Empty for nobody. */
  usernameOf(userId: string): string;
  usageOf(id: string): UsageRecord | undefined;
  /** What a text filter searches besides the owner's username. */
  textsOf(record: R): readonly (string | null)[];
}

interface OwnedRow<R extends Owned> {
  readonly id: string;
  readonly record: R;
  username: string;
  usage: UsageRecord | undefined;
}

/** Lists of what users own: kept oldest first, so that a page costs its own length and a filter one look at each record. */
export class OwnedLists<R extends Owned> {
  readonly #rows: Rows<OwnedRow<R>>;
  readonly #surroundings: Surroundings<R>;
  readonly #text: SlotText<OwnedRow<R>>;
  readonly #order: RowOrder<OwnedRow<R>>;

  /** `records`: read bit by bit, as `Rows` do. */
  constructor(records: Iterable<R>, surroundings: Surroundings<R>) {
    this.#surroundings = surroundings;
    this.#rows = new Rows(this.#rowsOf(records));
    this.#text = new SlotText(this.#rows, ({ username, record }) =>
      foldedTexts(username, surroundings.textsOf(record)),
    );
    this.#order = new RowOrder(this.#rows, {
      keyOf: ({ record }) => record.createdAt,
      tieOf: ({ id }) => id,
      includes: () => true,
    });
  }

  firstWork(): Work[] {
    return [this.#rows, this.#order.work];
  }

  get textWork(): Work {
    return this.#text.work;
  }

  /** There is one order only. */
  ordersWork(): Work[] {
    return [];
  }

  put(record: R): void {
    const slot = this.#rows.slotOf(record.id);
    const row = this.#rowOf(record);
    if (slot !== undefined) {
      // What is owned keeps its age and its owner.
      this.#rows.replace(slot, row);
      this.#text.put(slot, row);
    } else {
      const fresh = this.#rows.add(row);
      this.#text.put(fresh, row);
      this.#order.add(fresh);
    }
  }

  delete(id: string): void {
    const slot = this.#rows.slotOf(id);
    if (slot === undefined) return;
    this.#order.remove(slot);
    this.#rows.remove(slot);
  }

  /** The record of this use has another one. */
  used(usage: UsageRecord): void {
    const row = this.#rowAt(this.#rows.slotOf(usage.id));
    if (row) row.usage = usage;
  }

  /** The owner of these may have another username. */
  renamed(owned: readonly R[], username: string): void {
    for (const { id } of owned) {
      const slot = this.#rows.slotOf(id);
      const row = this.#rowAt(slot);
      if (slot === undefined || !row || row.username === username) continue;
      row.username = username;
      this.#text.put(slot, row);
    }
  }

  query({ text, matches, offset, limit }: OwnedQuery<R>): Window<R> {
    finish(this.#rows);
    const all = this.#order.slots();
    const order = text || matches ? this.#filtered(all, text, matches) : all;
    const items = ascending(order, offset, limit).map((slot) => this.#rows.row(slot).record);
    return { items, total: order.length, offset };
  }

  #filtered(all: SortedSlots, text: string | undefined, matches: OwnedQuery<R>["matches"]): Ordered {
    const marks = new Uint8Array(this.#rows.length);
    if (text) this.#text.mark(text, marks);
    else marks.fill(1);
    this.#rows.unmarkFree(marks);
    if (matches) this.#rows.unmark(marks, ({ record, usage }) => matches(record, usage));
    return new FilteredOrder(all, new MarkedSlots(marks));
  }

  *#rowsOf(records: Iterable<R>): Iterable<OwnedRow<R>> {
    for (const record of records) yield this.#rowOf(record);
  }

  #rowOf(record: R): OwnedRow<R> {
    const { usernameOf, usageOf } = this.#surroundings;
    return { id: record.id, record, username: usernameOf(record.userId), usage: usageOf(record.id) };
  }

  #rowAt(slot: number | undefined): OwnedRow<R> | null {
    return slot === undefined ? null : this.#rows.at(slot);
  }
}

/** The same of a few records, such as one user's, in their order. */
export function queryAmong<R extends Owned>(
  records: readonly R[],
  { text, matches, offset, limit }: OwnedQuery<R>,
  { usernameOf, usageOf, textsOf }: Surroundings<R>,
): Window<R> {
  const sought = foldCase(text ?? "");
  const holdsText = (record: R) =>
    foldedTexts(usernameOf(record.userId), textsOf(record)).some((each) => each.includes(sought));
  const found = records.filter(
    (record) => (!text || holdsText(record)) && (!matches || matches(record, usageOf(record.id))),
  );
  return { items: found.slice(offset, offset + limit), total: found.length, offset };
}

function foldedTexts(username: string, texts: readonly (string | null)[]): string[] {
  return [username, ...texts.filter((text) => text !== null).map(foldCase)];
}
