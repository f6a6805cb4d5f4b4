import type { Actor, Entry, EntryType, Subject } from "../../../protocol/index.ts";
import type { Collection, Records } from "../records.ts";
import type { Transaction } from "../store.ts";
import type { Views } from "./collections.ts";
import type { Draft } from "./group-commit.ts";
import { Overlay } from "./overlay.ts";
import { ViewReader } from "./reader.ts";
import type { UsageCounters } from "./usage.ts";

/** A transaction under way: its changes are seen by itself only until the store commits its draft. */
export class JsonTransaction extends ViewReader implements Transaction {
  readonly at: string;
  readonly #actor: Actor;
  readonly #own: Overlay;
  readonly #entries: Omit<Entry, "seq">[] = [];
  #ended = false;

  constructor(head: Views, usage: UsageCounters, actor: Actor, at: string) {
    const own = new Overlay(head);
    super(own, usage);
    this.#own = own;
    this.#actor = actor;
    this.at = at;
  }

  put<C extends Collection>(collection: C, record: Records[C]): void {
    this.#checkOpen();
    this.#own.apply(["put", collection, record]);
  }

  delete(collection: Collection, id: string): void {
    this.#checkOpen();
    if (!this.#own.view(collection).get(id)) return;
    this.#own.apply(["delete", collection, id]);
    const counted = collection === "keys" || collection === "sessions";
    if (counted && this.#own.view("usage").get(id)) this.#own.apply(["delete", "usage", id]);
  }

  entry(type: EntryType, subject: Subject | null, data: Record<string, unknown> = {}): void {
    this.#checkOpen();
    const actor = this.#actor;
    this.#entries.push({ at: this.at, type, actor, subject, outcome: "ok", count: 1, data });
  }

  /** Nothing can be done through it any more. */
  end(): void {
    this.#ended = true;
  }

  /** What there is to write; null when there is nothing. */
  draft(): Draft | null {
    const { changes } = this.#own;
    if (this.#entries.length > 0) return { entries: this.#entries, changes };
    if (changes.length > 0) throw new Error("A transaction changed something and entered nothing");
    return null;
  }

  #checkOpen(): void {
    if (this.#ended) throw new Error("The transaction has ended");
  }
}
