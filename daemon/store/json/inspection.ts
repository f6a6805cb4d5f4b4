import type { FileHandle } from "node:fs/promises";
import { join, relative } from "node:path";
import { refusal } from "../../../protocol/index.ts";
import type { Backup, Problem } from "../store.ts";
import { type BackedUpFile, writeBackup } from "./backup.ts";
import { BACKUPS } from "./backup-form.ts";
import type { ChainPart } from "./chain-check.ts";
import type { Directory } from "./directory.ts";
import { type FileSystem, makeSubdirectory } from "./files.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Journal } from "./journal.ts";
import type { OneAtATime } from "./one-at-a-time.ts";
import { Problems } from "./problem.ts";
import { listSegments } from "./segments.ts";
import { SNAPSHOT } from "./snapshot.ts";
import { verifyFiles, verifyRecords } from "./verify.ts";

export interface InspectionParts {
  io: FileSystem;
  directory: string;
  state: Directory;
  journal: Journal;
  commits: GroupCommit;
  /** Whoever moves or removes files of the journal does it here. */
  files: OneAtATime;
  now: () => number;
}

/** Reads all of a directory while it is in use; reads, changes and their syncs go on meanwhile. */
export class Inspection {
  readonly #parts: InspectionParts;
  readonly #stop = new AbortController();

  constructor(parts: InspectionParts) {
    this.#parts = parts;
  }

  /** Ends the work soon: what waits for it is refused. */
  stop(): void {
    this.#stop.abort();
  }

  /** Writes all that is durable now into one file, a new one in `backups/` unless `path` says another. */
  backup(path?: string): Promise<Backup> {
    return this.#run("The backup could not be written", async () => {
      const { io, commits, state, now } = this.#parts;
      // The snapshot may be replaced meanwhile; the one of now is read through the handle.
      const { tip, durable, snapshot } = await commits.whenAtRest(async () => ({
        tip: { epoch: state.epoch, seq: state.seq, hash: state.hash },
        durable: this.#durable(),
        snapshot: await io.open(this.#path(SNAPSHOT), "r"),
      }));
      try {
        const files = await this.#filesUntil(durable, snapshot);
        const file = path ?? (await this.#newPath(tip.seq));
        const written = await writeBackup(io, file, { files, tip, now: now(), signal: this.#stop.signal });
        return { ...written, seq: tip.seq, hash: tip.hash.toString("hex") };
      } finally {
        await snapshot.close();
      }
    });
  }

  /** What is wrong with snapshot, journal, chain and records; nothing, as a rule. */
  verify(): Promise<readonly Problem[]> {
    return this.#run("The directory could not be verified", async () => {
      const { io, directory, commits, state } = this.#parts;
      const { signal } = this.#stop;
      const problems = new Problems();
      // What is missing at the end of what is durable was not left unwritten.
      const tip = { epoch: state.epoch, seq: state.seq, hash: state.hash.toString("hex") };
      const parts = async () => this.#partsUntil(await commits.whenAtRest(async () => this.#durable()));
      await verifyFiles({ io, directory, parts, tip, signal }, problems);
      await verifyRecords(state.tables, problems, { signal });
      return problems.all();
    });
  }

  async #run<T>(failed: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#parts.files.run(work);
    } catch (error) {
      if (this.#stop.signal.aborted) throw refusal("storeUnavailable", `${failed}: the daemon is stopping`);
      if (error instanceof Error && "syscall" in error) {
        throw refusal("storeUnavailable", `${failed}: ${error.message}`);
      }
      throw error;
    }
  }

  #durable(): { segment: number; size: number } {
    const { segment, size } = this.#parts.journal;
    return { segment, size };
  }

  async #partsUntil({ segment, size }: { segment: number; size: number }): Promise<ChainPart[]> {
    const { io, directory } = this.#parts;
    const parts: ChainPart[] = [];
    for (const found of await listSegments(io, directory)) {
      const isLast = found.start === segment && !found.sealed;
      if (found.start <= segment)
        parts.push({ ...found, bytes: isLast ? size : (await io.stat(found.path)).size });
    }
    return parts;
  }

  async #filesUntil(
    durable: { segment: number; size: number },
    snapshot: FileHandle,
  ): Promise<BackedUpFile[]> {
    const { io, directory } = this.#parts;
    const parts = await this.#partsUntil(durable);
    const segments = parts.map(({ path, bytes }) => ({
      name: relative(directory, path),
      bytes,
      open: () => io.open(path, "r"),
    }));
    return [{ name: SNAPSHOT, bytes: (await snapshot.stat()).size, open: async () => snapshot }, ...segments];
  }

  async #newPath(seq: number): Promise<string> {
    const { io, directory, now } = this.#parts;
    await makeSubdirectory(io, directory, BACKUPS);
    const stamp = new Date(now()).toISOString().replace(/[-:.]/g, "");
    const name = `roster-${stamp}-${seq}`;
    const twins = (await io.readdir(this.#path(BACKUPS))).filter((other) => other.startsWith(name)).length;
    return join(this.#path(BACKUPS), twins === 0 ? `${name}.tar` : `${name}-${twins + 1}.tar`);
  }

  #path(name: string): string {
    return join(this.#parts.directory, name);
  }
}
