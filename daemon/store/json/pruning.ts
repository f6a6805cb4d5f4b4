import { join } from "node:path";
import type { EntryRetention } from "../store.ts";
import { type FileSystem, syncDirectory } from "./files.ts";
import type { Position } from "./segment.ts";
import { AUDIT, listSegments, type Segment, segmentEnd } from "./segments.ts";

export interface PruningParts {
  io: FileSystem;
  directory: string;
  /** Journals that history begins after this position from now on; on disk when it resolves. */
  moveAnchor: (anchor: Position) => Promise<void>;
}

/**
 * Removes the oldest sealed segments that need not be kept, once the journal tells where the history begins then. A
 * crash in between is made good at the next start.
 */
export class Pruning {
  readonly #parts: PruningParts;

  constructor(parts: PruningParts) {
    this.#parts = parts;
  }

  async run(keep: EntryRetention): Promise<void> {
    const { io, directory, moveAnchor } = this.#parts;
    const segments = await listSegments(io, directory);
    const surplus = await oldestSurplus(
      io,
      segments.filter(({ sealed }) => sealed),
      keep,
    );
    const last = surplus.at(-1);
    if (!last) return;
    await moveAnchor(await segmentEnd(io, last));
    await remove(io, directory, surplus);
  }
}

/** Removes what a crash left of segments that were pruned: those that end at or before `anchor`. */
export async function finishPruning(io: FileSystem, directory: string, anchor: Position): Promise<void> {
  const segments = await listSegments(io, directory);
  const isPruned = (_: Segment, index: number): boolean => (segments[index + 1]?.start ?? 0) <= anchor.seq;
  const pruned = segments.slice(0, -1).filter(isPruned);
  if (pruned.length > 0) await remove(io, directory, pruned);
}

async function oldestSurplus(
  io: FileSystem,
  sealed: readonly Segment[],
  { since, bytes }: EntryRetention,
): Promise<Segment[]> {
  const sizes = new Map<Segment, number>();
  for (const segment of sealed) sizes.set(segment, (await io.stat(segment.path)).size);
  let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const surplus: Segment[] = [];
  for (const [segment, size] of sizes) {
    const isOld = since !== null && (await segmentEnd(io, segment)).at < since;
    if (total <= bytes && !isOld) break;
    surplus.push(segment);
    total -= size;
  }
  return surplus;
}

async function remove(io: FileSystem, directory: string, segments: readonly Segment[]): Promise<void> {
  for (const { path } of segments) await io.unlink(path);
  await syncDirectory(io, join(directory, AUDIT));
}
