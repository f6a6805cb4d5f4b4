import { join } from "node:path";
import type { Actor, Entry } from "../../../protocol/index.ts";
import type { Problem, Reader } from "../store.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import type { Directory } from "./directory.ts";
import { AuditedState } from "./edit-differences.ts";
import type { FileSystem } from "./files.ts";
import { Journal } from "./journal.ts";
import { encodeLine, lineText } from "./line.ts";
import { Problems } from "./problem.ts";
import { readSnapshot, replayOnto } from "./read-directory.ts";
import { ViewReader } from "./reader.ts";
import { recordsOf, tablesOf } from "./record-runs.ts";
import { recordSchemas } from "./record-schemas.ts";
import { replay } from "./replay.ts";
import { SNAPSHOT, SnapshotFile } from "./snapshot.ts";
import type { SnapshotContent } from "./snapshot-reader.ts";
import { DamageError } from "./store-error.ts";
import type { StoreLog } from "./store-log.ts";
import { UsageCounters } from "./usage.ts";
import { checkHistory, verifyRecords } from "./verify.ts";

export interface EditParts {
  io: FileSystem;
  /** Held by this process. */
  directory: string;
  log: StoreLog;
  actor: Actor;
  /** The instant, in the stored form. */
  at: string;
  /** What the directory's own rules have against the records; null: nothing. */
  rule: (records: Reader) => Promise<string | null>;
}

export type EditOutcome =
  | { kind: "unedited" }
  | { kind: "refused"; problems: readonly Problem[] }
  /** `changes`: what is other than the audit knows it, one thing a line. */
  | { kind: "accepted"; changes: readonly string[] };

/**
 * Takes over a snapshot that was edited by hand: all of it, as an audited entry, or nothing. The journal's changes
 * since the snapshot come on top, as they always do.
 */
export async function acceptEdit(parts: EditParts): Promise<EditOutcome> {
  const { io, directory } = parts;
  const problems = new Problems();
  try {
    const snapshot = await readSnapshot(io, directory);
    if (snapshot.intact) return { kind: "unedited" };
    const changes = await examine(parts, snapshot, problems);
    if (problems.list.length === 0) {
      await write(parts, snapshot, changes);
      return { kind: "accepted", changes };
    }
  } catch (error) {
    if (!(error instanceof DamageError)) throw error;
    problems.add(error.file, error.line, error.problem);
  }
  return { kind: "refused", problems: problems.all() };
}

/** Adds what is wrong to `problems`; resolves with what differs from what the audit knows. */
async function examine(
  { io, directory, rule }: EditParts,
  snapshot: SnapshotContent,
  problems: Problems,
): Promise<string[]> {
  checkForm(join(directory, SNAPSHOT), snapshot, problems);
  if (problems.list.length > 0) return [];
  const audited = new AuditedState();
  const { header, runs } = snapshot;
  await checkHistory({ io, directory, header, tip: null }, problems, (entry) => {
    if (entry.seq <= header.seq) audited.note(entry);
  });
  const { directory: edited, origins } = await replayOnto(io, directory, snapshot);
  await verifyRecords(edited.tables, problems, { origins });
  const refused = await rule(new ViewReader(edited.tables, new UsageCounters(edited.tables)));
  if (refused !== null) problems.add(join(directory, SNAPSHOT), null, refused);
  return audited.differences(runs);
}

/** Looks at each record by itself: until it has the right form nothing else can be done with it. */
function checkForm(path: string, { runs, unknown }: SnapshotContent, problems: Problems): void {
  if (unknown !== null) {
    problems.add(path, null, `there is no collection ${JSON.stringify(unknown)}`);
    return;
  }
  const seen = new Map<string, number>();
  for (const { collection, record, line } of recordsOf(runs)) {
    const { error } = recordSchemas[collection].safeParse(record);
    for (const issue of error?.issues ?? []) {
      problems.add(path, line, [...issue.path, issue.message].join(": "));
    }
    if (error) continue;
    const before = seen.get(`${collection} ${record.id}`);
    if (before !== undefined) problems.add(path, line, `its id is also that of line ${before}`);
    seen.set(`${collection} ${record.id}`, line);
  }
}

/** The entry first, so that there is no change without it; then the snapshot, in one step. */
async function write(
  { io, directory, log, actor, at }: EditParts,
  { header, runs }: SnapshotContent,
  differences: readonly string[],
): Promise<void> {
  const state: Directory = { ...header, tables: tablesOf(runs) };
  const last = await replay({ io, directory, log }, state, await io.readdir(directory), () => {});
  const journal = await Journal.open(io, directory, last.start, last.size);
  try {
    const data = {
      differences: differences.slice(0, MOST_TOLD),
      more: Math.max(0, differences.length - MOST_TOLD),
    };
    const entry: Entry = {
      seq: state.seq + 1,
      at,
      type: "store.edited",
      actor,
      subject: null,
      outcome: "ok",
      count: 1,
      data,
    };
    const line = new ByteBuffer();
    state.hash = encodeLine(state.hash, state.seq, lineText([entry], []), line);
    state.seq = entry.seq;
    await journal.append(line.bytes);
    await journal.begin({ seq: state.seq, hash: state.hash });
    await new SnapshotFile(join(directory, SNAPSHOT), io).write(state);
  } finally {
    await journal.close();
  }
}

/** So many differences stand in the entry. */
const MOST_TOLD = 100;
