import { type ClientEvent, type Entry, type Topic, topicOf } from "../protocol/index.ts";
import type { TableMove } from "./components/table-state.ts";
import { EntryRows, type RowsView } from "./entry-rows.ts";
import { Watched } from "./watched.ts";

/** A change, or that some were missed. */
export type EventRow = { readonly entry: Entry } | { readonly missedBefore: string };

export interface EventFilter {
  readonly topics?: readonly Topic[];
  readonly type?: string;
  /** In the type, or in the name of who did it or whom it is about. */
  readonly text?: string;
}

/** What is to be drawn of the events. */
export interface EventView extends RowsView<EventRow> {
  readonly paused: boolean;
  /** How many arrived since it was paused, as far as they are kept. */
  readonly waiting: number;
}

/** Changes that are kept; older ones are forgotten. */
const MOST_KEPT = 2000;
/** What arrives within this time is shown at once: a flood is drawn no more often than a person can read. */
const GATHER_MS = 100;

/** The last changes as they arrive, newest first, in bounded memory. */
export class EventLog extends Watched<EventView> {
  readonly #now: () => number;
  readonly #rows = new EntryRows<EventRow>(MOST_KEPT);
  /** All that is kept, whatever the filter shows, newest first. */
  #kept: readonly EventRow[] = [];
  /** What is not shown yet, oldest first. */
  #arrived: EventRow[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #filter: EventFilter = {};
  #paused = false;

  constructor(now: () => number = Date.now) {
    super();
    this.#now = now;
  }

  hear(event: ClientEvent): void {
    const row =
      event.kind === "gap" ? { missedBefore: new Date(this.#now()).toISOString() } : { entry: event.entry };
    this.#arrived.push(row);
    if (this.#arrived.length > 2 * MOST_KEPT) this.#arrived = this.#arrived.slice(-MOST_KEPT);
    this.#timer ??= setTimeout(() => this.#takeIn(), GATHER_MS);
  }

  /** Puts what happened before the log began under what it has heard. */
  addEarlier(entries: readonly Entry[]): void {
    const known = new Set(
      [...this.#kept, ...this.#arrived].flatMap((row) => ("entry" in row ? row.entry.seq : [])),
    );
    const rows = entries
      .filter(({ type, seq }) => topicOf(type) !== undefined && !known.has(seq))
      .map((entry) => ({ entry }));
    this.#kept = [...this.#kept, ...rows].slice(0, MOST_KEPT);
    this.#rows.addOlder(rows.filter((row) => passes(row, this.#filter)));
    this.publish();
  }

  show(filter: EventFilter): void {
    this.#filter = filter;
    this.#rows.replace(this.#kept.filter((row) => passes(row, filter)));
    this.publish();
  }

  pause(): void {
    this.#paused = !this.#paused;
    this.#takeIn();
  }

  resize(height: number): void {
    this.#rows.resize(height);
    this.publish();
  }

  move(move: TableMove): void {
    this.#rows.move(move);
    this.publish();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #takeIn(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#paused) {
      const newest = this.#kept.find((row) => "entry" in row)?.entry.seq ?? -1;
      const newer = this.#arrived.filter((row) => !("entry" in row) || row.entry.seq > newest).reverse();
      this.#arrived = [];
      this.#kept = [...newer, ...this.#kept].slice(0, MOST_KEPT);
      this.#rows.addNewer(newer.filter((row) => passes(row, this.#filter)));
    }
    this.publish();
  }

  protected draw(): EventView {
    const waiting = this.#paused ? this.#arrived.length : 0;
    return { ...this.#rows.view(), paused: this.#paused, waiting };
  }
}

/** That changes were missed is shown whatever is looked for. */
function passes(row: EventRow, { topics, type, text }: EventFilter): boolean {
  if (!("entry" in row)) return true;
  const { entry } = row;
  const topic = topicOf(entry.type);
  if (topics && (topic === undefined || !topics.includes(topic))) return false;
  if (type !== undefined && !entry.type.toLowerCase().startsWith(type.toLowerCase())) return false;
  const names = [entry.type, entry.actor.name ?? "", entry.subject?.name ?? ""].join("\n").toLowerCase();
  return text === undefined || names.includes(text.toLowerCase());
}
