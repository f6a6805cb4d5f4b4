import { type Entry, refusal } from "../../../protocol/index.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import type { Change, Views } from "./collections.ts";
import { advance, type Directory } from "./directory.ts";
import type { Journal } from "./journal.ts";
import { encodeLine, type LineText, lineText } from "./line.ts";
import { Overlay } from "./overlay.ts";
import type { StoreLog } from "./store-log.ts";
import type { StoreMeter } from "./store-meter.ts";

/** What a transaction leaves to be written: its entries without their positions, and its changes. */
export interface Draft {
  entries: readonly Omit<Entry, "seq">[];
  changes: readonly Change[];
}

/** One line to be written. */
export interface Commit {
  text: LineText;
  entries: Entry[];
  changes: readonly Change[];
}

/** Commits that are written and synced together. */
interface Group {
  overlay: Overlay;
  commits: Commit[];
  settled: Promise<void>;
  settle: (failure?: Error) => void;
}

export interface GroupCommitOptions {
  directory: Directory;
  journal: Journal;
  log: StoreLog;
  meter: StoreMeter;
  /** A group is on disk and in the tables; told before its transactions resolve. */
  onDurable: (commits: readonly Commit[]) => void;
  /** Writing has failed and all that was pending is dropped; told once until `repair` succeeds. */
  onFailure: () => void;
}

/**
 * Head and durable. A commit is seen in `head` at once and waits for its group: while one group is being synced the
 * next one gathers, so that any number of transactions share a sync.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #directory: Directory;
  readonly #journal: Journal;
  /** Work that needs the journal at rest, done between two groups. */
  readonly #atRest: (() => Promise<void>)[] = [];
  readonly #lines = new ByteBuffer();
  #writing: Group | null = null;
  #gathering: Group | null = null;
  #seq: number;
  #running = false;
  #failure: Error | null = null;
  #generation = 0;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#directory = options.directory;
    this.#journal = options.journal;
    this.#seq = options.directory.seq;
  }

  /** Durable plus pending, at each look. */
  readonly head: Views = { view: (collection) => this.#top().view(collection) };

  /** Why writes do not work; null while they do. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Changes whenever pending changes were dropped: what was read from head before is void then. */
  get generation(): number {
    return this.#generation;
  }

  /** Adds a line to the gathering group; resolves when it is on disk, rejects with 503 when it could not be. */
  commit({ entries, changes }: Draft): Promise<void> {
    if (this.#failure) return Promise.reject(unavailable(this.#failure));
    const numbered = entries.map((entry, index) => ({ seq: this.#seq + 1 + index, ...entry }));
    const text = lineText(numbered, changes);
    const group = this.#gatheringGroup();
    this.#seq += numbered.length;
    for (const change of changes) group.overlay.apply(change);
    group.commits.push({ text, entries: numbered, changes });
    return group.settled;
  }

  /** Resolves when all that `head` shows at this moment is on disk; undefined when it is already. */
  settled(): Promise<void> | undefined {
    return (this.#gathering ?? this.#writing)?.settled;
  }

  /** Runs `work` between two groups, with the durable state and the journal at rest. */
  whenAtRest<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#atRest.push(() => work().then(resolve, reject));
      this.#start();
    });
  }

  /** Begins a new segment; must run at rest. A failure of it is a failure to write. */
  async beginSegment(): Promise<void> {
    try {
      await this.#journal.begin({ seq: this.#directory.seq, hash: this.#directory.hash });
    } catch (error) {
      await this.#fail(error);
      throw error;
    }
  }

  /** Tries to make writes work again after a failure; throws while they do not. Must run at rest. */
  async repair(): Promise<void> {
    if (!this.#failure) return;
    try {
      await this.#journal.repair({ seq: this.#directory.seq, hash: this.#directory.hash });
      this.#failure = null;
    } catch (error) {
      this.#failure = asError(error);
      throw error;
    }
  }

  #top(): Views {
    return (this.#gathering ?? this.#writing)?.overlay ?? this.#directory.tables;
  }

  #gatheringGroup(): Group {
    if (this.#gathering) return this.#gathering;
    let settle: Group["settle"] = () => {};
    const settled = new Promise<void>((resolve, reject) => {
      settle = (failure) => (failure ? reject(failure) : resolve());
    });
    // Attempts and usage are awaited by nobody: their failure is told by the store's status alone.
    settled.catch(() => {});
    this.#gathering = { overlay: new Overlay(this.#top()), commits: [], settled, settle };
    this.#start();
    return this.#gathering;
  }

  #start(): void {
    if (this.#running) return;
    this.#running = true;
    // A turn of the event loop later, so that what arrived together is written together.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    for (;;) {
      const work = this.#atRest.shift();
      if (work) await work();
      else if (this.#gathering) await this.#write(this.#gathering);
      else break;
    }
    this.#running = false;
  }

  async #write(group: Group): Promise<void> {
    this.#writing = group;
    this.#gathering = null;
    let { hash } = this.#directory;
    this.#lines.clear();
    for (const { text } of group.commits) hash = encodeLine(hash, this.#directory.seq, text, this.#lines);
    const { bytes } = this.#lines;
    const begun = performance.now();
    try {
      await this.#journal.append(bytes);
    } catch (error) {
      await this.#fail(error);
      return;
    }
    this.#options.meter.journalWritten(performance.now() - begun, bytes.length);
    this.#makeDurable(group, hash);
  }

  #makeDurable(group: Group, hash: Buffer): void {
    this.#writing = null;
    for (const commit of group.commits) advance(this.#directory, commit);
    this.#directory.hash = hash;
    const gathering: Group | null = this.#gathering;
    gathering?.overlay.rebase(this.#directory.tables);
    this.#options.onDurable(group.commits);
    group.settle();
  }

  /** Drops head back to durable; the torn bytes are cut before anybody hears of the failure, where that works. */
  async #fail(cause: unknown): Promise<void> {
    const failure = asError(cause);
    this.#failure = failure;
    this.#generation += 1;
    const dropped = [this.#writing, this.#gathering];
    this.#writing = null;
    this.#gathering = null;
    this.#seq = this.#directory.seq;
    this.#options.log.error({ err: failure }, "writing failed: no changes are accepted until it works again");
    try {
      await this.#journal.cut();
    } catch (error) {
      this.#options.log.error({ err: error }, "an unfinished write could not be cut off yet");
    }
    for (const group of dropped) group?.settle(unavailable(failure));
    this.#options.onFailure();
  }
}

/** 503: the change is not made. */
export function unavailable(failure: Error): Error {
  return refusal("storeUnavailable", `Changes are not accepted: storage failed (${failure.message})`);
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}
