import type { Low } from "lowdb";
import type { Directory } from "./directory.ts";
import { type GroupCommit, unavailable } from "./group-commit.ts";
import type { OneAtATime } from "./one-at-a-time.ts";
import type { Sealing } from "./sealing.ts";
import type { Position } from "./segment.ts";
import type { StoreLog } from "./store-log.ts";
import type { StoreMeter } from "./store-meter.ts";

export interface SnapshotsParts {
  low: Low<Directory>;
  /** Where the snapshot on disk is. */
  at: Position;
  commits: GroupCommit;
  sealing: Sealing;
  /** Whoever moves or removes files of the journal does it here. */
  files: OneAtATime;
  log: StoreLog;
  meter: StoreMeter;
  /** A snapshot and with it a new segment have begun. */
  onBegin: () => void;
}

/** Takes snapshots of the directory, one at a time, while reads and writes go on. */
export class Snapshots {
  readonly #parts: SnapshotsParts;
  #at: Position;
  #underWay: Promise<void> | null = null;

  constructor(parts: SnapshotsParts) {
    this.#parts = parts;
    this.#at = parts.at;
  }

  /** Whether the journal holds what the snapshot on disk does not. */
  get isBehind(): boolean {
    return this.#parts.low.data.seq > this.#at.seq;
  }

  /**
   * Writes the snapshot of this moment and begins a new segment with it, then seals the segments that it covers; or
   * joins the one under way.
   */
  take(): Promise<void> {
    this.#underWay ??= this.#take().finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  async #take(): Promise<void> {
    const { low, commits, meter, onBegin } = this.#parts;
    if (!this.isBehind) return;
    const begun = performance.now();
    const { at, written } = await commits.whenAtRest(async () => {
      if (commits.failure) throw unavailable(commits.failure);
      await commits.beginSegment();
      onBegin();
      const written = low.write();
      written.catch(() => {});
      // Not awaited here: the next group waits only until the snapshot has begun.
      return { at: { seq: low.data.seq, hash: low.data.hash }, written };
    });
    await written;
    meter.snapshotWritten(performance.now() - begun);
    this.#at = at;
    await this.seal();
  }

  /** Seals what the snapshot on disk covers. A failure is told to the log alone: nothing is lost by it. */
  async seal(): Promise<void> {
    const { sealing, files, log } = this.#parts;
    try {
      await files.run(() => sealing.run(this.#at));
    } catch (error) {
      log.error(
        { err: error },
        "older journal segments could not be sealed; it is tried after the next snapshot",
      );
    }
  }
}
