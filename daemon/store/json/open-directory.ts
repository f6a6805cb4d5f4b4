import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Low } from "lowdb";
import type { Collection, Records } from "../records.ts";
import { BACKUPS } from "./backup-form.ts";
import { collections } from "./collections.ts";
import type { Directory } from "./directory.ts";
import { OWNER_FILE, writeOwner } from "./directory-lock.ts";
import { checkModes, type FileSystem } from "./files.ts";
import { Journal } from "./journal.ts";
import { firstHash } from "./line.ts";
import { copyOlder, type Migration } from "./migration.ts";
import { finishPruning } from "./pruning.ts";
import { RecentEntries } from "./recent-entries.ts";
import { finishReplacing } from "./replace-directory.ts";
import { replay } from "./replay.ts";
import { type Position, segmentStarts } from "./segment.ts";
import { AUDIT, listSegments, namesIn, sealedPath } from "./segments.ts";
import { SNAPSHOT, SnapshotFile } from "./snapshot.ts";
import { FORMAT } from "./snapshot-reader.ts";
import { damaged } from "./store-error.ts";
import type { StoreLog } from "./store-log.ts";
import { Tables } from "./table.ts";

/** What a brand-new directory begins with. */
export type InitialRecords = { readonly [C in Collection]?: readonly Records[C][] };

export interface OpenContext {
  io: FileSystem;
  directory: string;
  log: StoreLog;
  initial: InitialRecords;
}

export interface OpenedDirectory {
  low: Low<Directory>;
  snapshot: SnapshotFile;
  /** The position of the snapshot. */
  snapshotAt: Position;
  journal: Journal;
  /** The entries after the snapshot. */
  recent: RecentEntries;
  /** Its form is older, and a copy of it has been kept: what is to be written now is newer. */
  migration: Migration | null;
}

const OURS = /^(users\.json|owner\.json|journal-.*|torn-.*|audit|backups)$/;

/** Paths of what the daemon keeps: nobody else may use them. */
export async function ownFiles(io: FileSystem, directory: string): Promise<string[]> {
  const audit = join(directory, AUDIT);
  const names = (await io.readdir(directory)).filter((name) => OURS.test(name));
  return [
    ...names.map((name) => join(directory, name)),
    ...(await namesIn(io, audit)).map((name) => join(audit, name)),
  ];
}

/** Reads a data directory that this process has locked, or makes a new one. */
export async function openDirectory(context: OpenContext): Promise<OpenedDirectory> {
  const { io, directory } = context;
  await finishReplacing(io, directory);
  const names = await io.readdir(directory);
  await checkModes(io, await ownFiles(io, directory));
  for (const place of [directory, join(directory, AUDIT), join(directory, BACKUPS)])
    await removeTemporaries(io, place);

  const snapshot = new SnapshotFile(join(directory, SNAPSHOT), io);
  const low = await readOrCreate(context, names, snapshot);
  const { seq, hash } = low.data;
  const recent = new RecentEntries(seq);
  const last = await replay(context, low.data, names, ({ entries }) => recent.add(entries));
  await checkHistory(io, directory, low.data.anchor);
  const migration = await migrate(context, low.data, seq);
  const journal = await Journal.open(io, directory, last.start, last.size);
  try {
    await writeOwner(io, directory);
  } catch (error) {
    await journal.close();
    throw error;
  }
  return { low, snapshot, snapshotAt: { seq, hash }, journal, recent, migration };
}

/** Has the directory written in the newest form from now on, after a copy of it if it has an older one. */
async function migrate(
  { io, directory }: OpenContext,
  state: Directory,
  snapshotSeq: number,
): Promise<Migration | null> {
  const { format, seq } = state;
  if (format === FORMAT) return null;
  const migration = await copyOlder(io, directory, { format, seq, snapshotSeq });
  state.format = FORMAT;
  return migration;
}

/** What an interrupted snapshot, sealing or restore left behind. */
async function removeTemporaries(io: FileSystem, directory: string): Promise<void> {
  for (const name of await namesIn(io, directory)) {
    if (name.endsWith(".tmp")) await io.rm(join(directory, name), { recursive: true });
  }
}

/** The history that is kept must be there from its beginning. */
async function checkHistory(io: FileSystem, directory: string, anchor: Position): Promise<void> {
  await finishPruning(io, directory, anchor);
  const [oldest] = await listSegments(io, directory);
  const isNew = anchor.seq === 0;
  if (oldest ? oldest.start !== anchor.seq : !isNew)
    throw damaged(sealedPath(directory, anchor.seq), null, "it is missing");
}

async function readOrCreate(
  { directory, log, initial }: OpenContext,
  names: readonly string[],
  snapshot: SnapshotFile,
): Promise<Low<Directory>> {
  const low = new Low<Directory>(snapshot, newDirectory(initial));
  if (names.includes(SNAPSHOT)) {
    await low.read();
    return low;
  }
  if (isInitialised(names))
    throw damaged(snapshot.path, null, "it is missing, and this directory has been in use");
  await low.write();
  log.info({ directory, epoch: low.data.epoch }, "made a new data directory");
  return low;
}

/** Whether a directory with these names in it has been in use. */
export function isInitialised(names: readonly string[]): boolean {
  return names.includes(OWNER_FILE) || names.includes(AUDIT) || segmentStarts(names).length > 0;
}

function newDirectory(initial: InitialRecords): Directory {
  const tables = new Tables();
  for (const collection of collections) fill(tables, initial, collection);
  const epoch = randomUUID();
  const hash = firstHash(epoch);
  return { format: FORMAT, epoch, seq: 0, hash, anchor: { seq: 0, hash }, tables };
}

function fill<C extends Collection>(tables: Tables, initial: InitialRecords, collection: C): void {
  const records: readonly Records[C][] = initial[collection] ?? [];
  for (const record of records) tables.view(collection).put(record);
}
