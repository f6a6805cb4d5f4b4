import type { Low } from "lowdb";
import type { Directory } from "./directory.ts";
import { type GroupCommit, unavailable } from "./group-commit.ts";

export interface SnapshotsParts {
  low: Low<Directory>;
  /** The position of the snapshot on disk. */
  seq: number;
  commits: GroupCommit;
  /** A snapshot and with it a new segment have begun. */
  onBegin: () => void;
}

/** Takes snapshots of the directory, one at a time, while reads and writes go on. */
export class Snapshots {
  readonly #parts: SnapshotsParts;
  #seq: number;
  #underWay: Promise<void> | null = null;

  constructor(parts: SnapshotsParts) {
    this.#parts = parts;
    this.#seq = parts.seq;
  }

  /** Writes the snapshot of this moment and begins a new segment with it, or joins the one under way. */
  take(): Promise<void> {
    this.#underWay ??= this.#take().finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  async #take(): Promise<void> {
    const { low, commits, onBegin } = this.#parts;
    if (low.data.seq === this.#seq) return;
    const { seq, written } = await commits.whenAtRest(async () => {
      if (commits.failure) throw unavailable(commits.failure);
      await commits.beginSegment();
      onBegin();
      const written = low.write();
      written.catch(() => {});
      // Not awaited here: the next group waits only until the snapshot has begun.
      return { seq: low.data.seq, written };
    });
    await written;
    this.#seq = seq;
  }
}
