import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { isCollection } from "./collections.ts";
import { advance, type Directory } from "./directory.ts";
import { OWNER_FILE } from "./directory-lock.ts";
import { type FileSystem, readFrom, syncDirectory, writeDurably } from "./files.ts";
import { type Line, LineProblem } from "./line.ts";
import { type Position, readSegment, type SegmentRead, segmentName, segmentStarts } from "./segment.ts";
import { damaged, type StoreError } from "./store-error.ts";
import type { StoreLog } from "./store-log.ts";
import { tailKind, withoutZeros } from "./tail.ts";

export interface ReplayContext {
  io: FileSystem;
  directory: string;
  log: StoreLog;
}

/** The last segment, to go on in: where it begins, and its length. */
export interface LastSegment {
  start: Position;
  size: number;
}

/**
 * Brings `directory` from its snapshot up to the journal's end and tells `seen` each line. Segments before the
 * snapshot are not read. What was written ahead at the very end is cut, a torn group there is copied aside and cut; all
 * damage throws `StoreError`.
 */
export async function replay(
  context: ReplayContext,
  directory: Directory,
  names: readonly string[],
  seen: (line: Line) => void,
): Promise<LastSegment> {
  const starts = segmentStarts(names).filter((seq) => seq >= directory.seq);
  let last: LastSegment = { start: { seq: directory.seq, hash: directory.hash }, size: 0 };
  // A directory whose making was cut short has its snapshot only.
  if (starts.length === 0 && directory.seq === 0 && !names.includes(OWNER_FILE)) return last;
  if (starts[0] !== directory.seq) throw missing(context, directory.seq);
  for (const [index, seq] of starts.entries()) {
    if (seq !== directory.seq) throw missing(context, directory.seq);
    const start = { seq, hash: directory.hash };
    const path = join(context.directory, segmentName(seq));
    const read = await readSegment(context.io, path, start, (line) => {
      applyLine(directory, line);
      seen(line);
    });
    if (read.problem) await mend(context, path, read, read.problem, index === starts.length - 1);
    directory.seq = read.end.seq;
    directory.hash = read.end.hash;
    last = { start, size: read.size };
  }
  return last;
}

function missing({ directory }: ReplayContext, seq: number): StoreError {
  return damaged(join(directory, segmentName(seq)), null, "it is missing");
}

/** Brings the directory from before the line to after it, but for its hash; throws `LineProblem`. */
export function applyLine(directory: Directory, { entries, changes }: Line): void {
  if (changes === null) throw new LineProblem("its changes are sealed away, and no snapshot has them");
  for (const [, collection] of changes) {
    if (!isCollection(collection))
      throw new LineProblem(`it changes "${collection}", of which only a newer Roster knows`);
  }
  advance(directory, { entries, changes });
}

/** Cuts off what stands behind the last good line, or throws. */
async function mend(
  context: ReplayContext,
  path: string,
  { size, end }: SegmentRead,
  problem: { line: number; what: string },
  isLast: boolean,
): Promise<void> {
  const file = await context.io.open(path, "r+");
  try {
    const tail = await readFrom(file, size);
    const kind = isLast ? tailKind(tail, end.seq) : "damaged";
    if (kind === "damaged") throw damaged(path, problem.line, problem.what);
    const aside = kind === "torn" ? await keepAside(context, end.seq, tail) : null;
    await file.truncate(size);
    await file.sync();
    if (aside === null) return;
    context.log.warn(
      { file: path, line: problem.line, ...aside },
      "cut off an unfinished write at the journal's end; it had not been acknowledged",
    );
  } finally {
    await file.close();
  }
}

async function keepAside({ io, directory }: ReplayContext, seq: number, tail: Buffer) {
  const written = withoutZeros(tail);
  const aside = join(directory, `torn-${seq + 1}-${randomUUID()}.jsonl`);
  await writeDurably(io, aside, written);
  await syncDirectory(io, directory);
  return { bytes: written.length, aside };
}
