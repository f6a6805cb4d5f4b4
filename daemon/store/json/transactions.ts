import { type Actor, refusal } from "../../../protocol/index.ts";
import type { Transaction } from "../store.ts";
import { createTimestamps } from "../timestamps.ts";
import { type GroupCommit, unavailable } from "./group-commit.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { JsonTransaction } from "./transaction.ts";
import type { UsageCounters } from "./usage.ts";

/** How a transaction ended, and what must be on disk before anybody hears of it. */
interface Ending<T> {
  settled: Promise<void> | undefined;
  outcome: { value: T } | { error: unknown };
}

/** Runs transactions one at a time against head; each is answered once what it did, or saw, is on disk. */
export class Transactions {
  readonly #commits: GroupCommit;
  readonly #usage: UsageCounters;
  readonly #timestamp: () => string;
  readonly #turns = new OneAtATime();
  #ended = false;

  constructor(commits: GroupCommit, usage: UsageCounters, now: () => number) {
    this.#commits = commits;
    this.#usage = usage;
    this.#timestamp = createTimestamps(now);
  }

  async run<T>(actor: Actor, work: (tx: Transaction) => Promise<T>): Promise<T> {
    await this.#turns.begin();
    let ending: Ending<T>;
    try {
      ending = await this.#runAlone(actor, work);
    } finally {
      this.#turns.end();
    }
    if (ending.settled) await ending.settled;
    if ("error" in ending.outcome) throw ending.outcome.error;
    return ending.outcome.value;
  }

  /** Lets none begin any more; resolves when the last one has run. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#turns.idle();
  }

  async #runAlone<T>(actor: Actor, work: (tx: Transaction) => Promise<T>): Promise<Ending<T>> {
    this.#checkWritable();
    const { generation, head } = this.#commits;
    const tx = new JsonTransaction(head, this.#usage, actor, this.#timestamp());
    try {
      const value = await work(tx);
      tx.end();
      this.#checkStillTrue(generation);
      const draft = tx.draft();
      const settled = draft ? this.#commits.commit(draft) : this.#commits.settled();
      return { settled, outcome: { value } };
    } catch (error) {
      tx.end();
      this.#checkStillTrue(generation);
      return { settled: this.#commits.settled(), outcome: { error } };
    }
  }

  #checkWritable(): void {
    if (this.#ended) throw refusal("storeUnavailable", "Changes are not accepted: the daemon is stopping");
    const { failure } = this.#commits;
    if (failure) throw unavailable(failure);
  }

  /** What a transaction read while writing failed has been dropped since. */
  #checkStillTrue(generation: number): void {
    if (this.#commits.generation === generation) return;
    throw unavailable(this.#commits.failure ?? new Error("a write failed meanwhile"));
  }
}
