import { type Entry, normaliseUsername } from "../../../protocol/index.ts";
import type { EntryQuery } from "../store.ts";
import { typeFilter } from "./entry-filter.ts";
import { actorOf, subjectOf } from "./entry-parties.ts";
import { PartyTable } from "./party-table.ts";

/** So many entries share their columns' memory. */
const CHUNK = 4096;
/** What was found out of a party; 0 before. */
const IS = 1;
const IS_NOT = 2;

/** What is known of the entries of one chunk, each at its place: numbers of parties, types and outcomes, and when. */
interface Columns {
  actors: Uint32Array;
  subjects: Uint32Array;
  types: Uint16Array;
  outcomes: Uint8Array;
  times: Float64Array;
}

/**
 * Of a run of entries without a gap, what they are found by: some 20 bytes each, and once each party, type and outcome.
 * The run grows at both ends. It tells positions only: what is there is read from the journal.
 */
export class EntryIndex {
  readonly #chunks = new Map<number, Columns>();
  readonly #actors = new PartyTable();
  readonly #subjects = new PartyTable();
  readonly #types = new Map<string, number>();
  readonly #outcomes = new Map<string, number>();
  #first: number;
  #last: number;
  /** Neighbours are mostly of one instant. */
  #instant = { at: "", time: Number.NaN };

  /** Begins empty, behind position `last`. */
  constructor(last: number) {
    this.#first = last + 1;
    this.#last = last;
  }

  /** The oldest position that it has. */
  get first(): number {
    return this.#first;
  }

  get last(): number {
    return this.#last;
  }

  /** How many parties it knows: they stay when entries are forgotten. */
  get parties(): number {
    return this.#actors.size + this.#subjects.size;
  }

  has(position: number): boolean {
    return position >= this.#first && position <= this.#last;
  }

  /** The entry is the next one after the last, or before the first. */
  add(entry: Entry): void {
    this.#put(entry);
    if (entry.seq < this.#first) this.#first = entry.seq;
    else this.#last = entry.seq;
  }

  /** Drops what is at and before `position`, which does not come after the last. */
  forget(position: number): void {
    if (position < this.#first) return;
    const kept = chunkOf(position + 1);
    for (let chunk = chunkOf(this.#first); chunk < kept; chunk++) this.#chunks.delete(chunk);
    this.#first = position + 1;
  }

  /** Where the newest entries are that match, from `before` down to `oldest`, newest first; at most `limit`. */
  find(query: Omit<EntryQuery, "before" | "after">, before: number, oldest: number): number[] {
    const isSought = this.#rowFilter(query);
    const found: number[] = [];
    const end = Math.max(oldest, this.#first);
    for (let position = Math.min(before - 1, this.#last); position >= end; ) {
      const chunk = chunkOf(position);
      const columns = this.#columns(chunk);
      const begin = Math.max(end, chunk * CHUNK);
      for (; position >= begin; position--) {
        if (!isSought(columns, position % CHUNK)) continue;
        found.push(position);
        if (found.length === query.limit) return found;
      }
    }
    return found;
  }

  /** Each party, type and outcome is judged once; a row is a look at what was found out of its own. */
  #rowFilter(query: Omit<EntryQuery, "before" | "after">): (columns: Columns, row: number) => boolean {
    const { text, outcome } = query;
    const isActor = partyFilter(this.#actors, query.actor);
    const isSubject = partyFilter(this.#subjects, query.subject);
    const actorHasText = titleFilter(this.#actors, text);
    const subjectHasText = titleFilter(this.#subjects, text);
    const types = judged(this.#types, typeFilter(query.type));
    const outcomes = judged(this.#outcomes, (each) => outcome === undefined || each === outcome);
    // Not a number, so neither before nor after anything, where there is none.
    const [from, to] = [Date.parse(query.from ?? ""), Date.parse(query.to ?? "")];
    return (columns, row) => {
      const actor = columns.actors[row] ?? 0;
      const subject = columns.subjects[row] ?? 0;
      if (!isActor(actor) || !isSubject(subject)) return false;
      if (types[columns.types[row] ?? 0] !== 1 || outcomes[columns.outcomes[row] ?? 0] !== 1) return false;
      const at = columns.times[row] ?? 0;
      return !(at < from) && !(at >= to) && (actorHasText(actor) || subjectHasText(subject));
    };
  }

  #put(entry: Entry): void {
    const { actors, subjects, types, outcomes, times } = this.#columns(chunkOf(entry.seq));
    const row = entry.seq % CHUNK;
    actors[row] = this.#actors.numberOf(actorOf(entry));
    subjects[row] = this.#subjects.numberOf(subjectOf(entry));
    types[row] = numberIn(this.#types, entry.type);
    outcomes[row] = numberIn(this.#outcomes, entry.outcome);
    times[row] = this.#timeOf(entry.at);
  }

  #timeOf(at: string): number {
    if (at !== this.#instant.at) this.#instant = { at, time: Date.parse(at) };
    return this.#instant.time;
  }

  #columns(chunk: number): Columns {
    const kept = this.#chunks.get(chunk);
    if (kept) return kept;
    const columns: Columns = {
      actors: new Uint32Array(CHUNK),
      subjects: new Uint32Array(CHUNK),
      types: new Uint16Array(CHUNK),
      outcomes: new Uint8Array(CHUNK),
      times: new Float64Array(CHUNK),
    };
    this.#chunks.set(chunk, columns);
    return columns;
  }
}

function chunkOf(position: number): number {
  return Math.floor(position / CHUNK);
}

function numberIn(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}

function judged(numbers: ReadonlyMap<string, number>, isSought: (text: string) => boolean): Uint8Array {
  return Uint8Array.from(numbers.keys(), (text) => Number(isSought(text)));
}

function partyFilter(table: PartyTable, names: ReadonlySet<string> | undefined): (party: number) => boolean {
  if (!names) return () => true;
  const marks = new Uint8Array(table.size);
  for (const party of table.known(names)) marks[party] = IS;
  return (party) => marks[party] === IS;
}

/** A party is judged when it is met: of what many have in their names, few need be looked at. */
function titleFilter(table: PartyTable, text: string | undefined): (party: number) => boolean {
  if (!text) return () => true;
  const sought = normaliseUsername(text);
  const marks = new Uint8Array(table.size);
  return (party) => {
    if (marks[party] === 0) marks[party] = table.titleOf(party).includes(sought) ? IS : IS_NOT;
    return marks[party] === IS;
  };
}
