import type { UsageRecord } from "../records.ts";
import type { Change, Views } from "./collections.ts";

/** Uses of keys and sessions since they were last written: they cost memory only until the next flush. */
export class UsageCounters {
  readonly #unwritten = new Map<string, UsageRecord>();
  readonly #views: Views;

  /** `views` show what was written before. */
  constructor(views: Views) {
    this.#views = views;
  }

  get(id: string): UsageRecord | undefined {
    return this.#unwritten.get(id);
  }

  /** Counts a use, and gives what is known of the uses now. */
  count(id: string, at: string, address: string | null): UsageRecord {
    const before = this.#unwritten.get(id) ?? this.#views.view("usage").get(id);
    const useCount = (before?.useCount ?? 0) + 1;
    const record: UsageRecord = { id, lastUsedAt: at, lastUsedFrom: address, useCount };
    this.#unwritten.set(id, record);
    return record;
  }

  /** What there is to write now; uses of keys and sessions that `head` has no more are forgotten. */
  changes(head: Views): Change<"usage">[] {
    for (const id of this.#unwritten.keys()) {
      if (!head.view("keys").get(id) && !head.view("sessions").get(id)) this.#unwritten.delete(id);
    }
    return [...this.#unwritten.values()].map((record) => ["put", "usage", record]);
  }

  /** These are durable: whatever was counted since stays for the next flush. */
  written(changes: readonly Change<"usage">[]): void {
    for (const [, , record] of changes) {
      if (typeof record !== "string" && this.#unwritten.get(record.id) === record) {
        this.#unwritten.delete(record.id);
      }
    }
  }
}
