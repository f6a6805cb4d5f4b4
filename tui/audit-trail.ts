import type { Entry, Params, Result } from "../protocol/index.ts";
import { asError } from "./as-error.ts";
import { createCoalescer } from "./coalesce.ts";
import type { TableMove } from "./components/table-state.ts";
import { EntryRows, type RowsView } from "./entry-rows.ts";
import { Watched } from "./watched.ts";

export type AuditFilter = Omit<Params<"audit.query">, "before" | "limit">;

/** What is to be drawn of the audit. */
export interface AuditView extends RowsView<Entry> {
  /** Nothing has been read yet. */
  readonly loading: boolean;
  /** The rows are those of an earlier question: they are only to be looked at. */
  readonly outdated: boolean;
  /** There are older entries than those read. */
  readonly more: boolean;
  /** Why the last reading failed; null when it did not. */
  readonly error: Error | null;
}

/** The two calls that it reads by. */
export interface AuditSource {
  query(params: Params<"audit.query">): Promise<Result<"audit.query">>;
  tip(): Promise<Result<"audit.tip">>;
}

/** Entries read at a time: at least this many, and more than the view with a screenful to spare. */
const SMALLEST_PAGE = 50;
/** Pages read in one go for entries that are newer than those known; with more than that the list begins anew. */
const MOST_NEW_PAGES = 5;

/** The audit, newest first: older pages are read as one goes down, newer entries are put on top. */
export class AuditTrail extends Watched<AuditView> {
  readonly #source: AuditSource;
  readonly #reader = createCoalescer(() => this.#read());
  readonly #rows = new EntryRows<Entry>();
  /** What is asked for, and what the rows answer. */
  #wanted: AuditFilter | null = null;
  #shown: AuditFilter | null = null;
  /** Where the next older page begins; null when there is none. */
  #next: number | null = null;
  /** The position up to which everything has been looked through. */
  #seen = 0;
  #error: Error | null = null;
  #page = SMALLEST_PAGE;

  constructor(source: AuditSource) {
    super();
    this.#source = source;
  }

  /** Asks another question: from its newest entry on. */
  ask(filter: AuditFilter): void {
    if (JSON.stringify(filter) === JSON.stringify(this.#wanted)) return;
    const isFirst = this.#wanted === null;
    this.#wanted = filter;
    this.publish();
    if (isFirst) this.#reader.request();
    else this.#reader.now();
  }

  resize(height: number): void {
    this.#rows.resize(height);
    this.#page = Math.max(SMALLEST_PAGE, 2 * height + 1);
    this.#shift();
  }

  move(move: TableMove): void {
    this.#rows.move(move);
    this.#shift();
  }

  /** Something happened: reads soon what is newer. */
  changed(): void {
    this.#reader.request();
  }

  refresh(): void {
    this.#reader.now();
  }

  stop(): void {
    this.#reader.stop();
  }

  /** Shows another part of it, and reads on where that comes near the end. */
  #shift(): void {
    this.publish();
    if (this.#isShort()) this.#reader.now();
  }

  #isShort(): boolean {
    return this.#next !== null && this.#rows.nearsEnd();
  }

  async #read(): Promise<void> {
    const filter = this.#wanted;
    if (filter === null) return;
    try {
      if (filter === this.#shown && this.#rows.all.length > 0) await this.#readNewer(filter);
      else await this.#readFirst(filter);
      while (this.#isShort() && filter === this.#wanted) await this.#readOlder(filter);
      this.#error = null;
    } catch (failure) {
      this.#error = asError(failure);
    }
    this.publish();
  }

  async #readFirst(filter: AuditFilter): Promise<void> {
    // Requests start in the order in which they come, so that the tip is none that the page has not looked through.
    const [{ seq }, { items, next }] = await Promise.all([
      this.#source.tip(),
      this.#source.query({ ...filter, limit: this.#page }),
    ]);
    this.#rows.replace(items);
    this.#next = next;
    this.#seen = Math.max(seq, items[0]?.seq ?? 0);
    this.#shown = filter;
  }

  async #readOlder(filter: AuditFilter): Promise<void> {
    if (this.#next === null) return;
    const { items, next } = await this.#source.query({ ...filter, before: this.#next, limit: this.#page });
    this.#rows.addOlder(items);
    this.#next = next;
    // Where little matches, pages are short and many: what is there is shown meanwhile.
    this.publish();
  }

  async #readNewer(filter: AuditFilter): Promise<void> {
    const { seq } = await this.#source.tip();
    const newer: Entry[] = [];
    let before: number | null = seq + 1;
    for (let page = 0; before !== null && before > this.#seen + 1; page++) {
      if (page === MOST_NEW_PAGES) return this.#readFirst(filter);
      const wanted = { ...filter, before, after: this.#seen, limit: this.#page };
      const answer: Result<"audit.query"> = await this.#source.query(wanted);
      newer.push(...answer.items);
      before = answer.next;
    }
    this.#rows.addNewer(newer);
    this.#seen = seq;
  }

  protected draw(): AuditView {
    const view = this.#rows.view();
    const outdated = this.#shown !== this.#wanted;
    return {
      ...view,
      current: outdated ? undefined : view.current,
      outdated,
      loading: this.#shown === null,
      more: this.#next !== null,
      error: this.#error,
    };
  }
}
