import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { MANIFEST, type Manifest, SUMS } from "./backup-form.ts";
import { lockDirectory } from "./directory-lock.ts";
import { type FileSystem, prepareDirectory, removeIfPresent } from "./files.ts";
import { assertOwn } from "./hold-directory.ts";
import { type JsonStore, openJsonStore } from "./json-store.ts";
import { problemText } from "./problem.ts";
import { readDirectory } from "./read-directory.ts";
import { ViewReader } from "./reader.ts";
import {
  asideName,
  finishReplacing,
  incomingName,
  isContent,
  replaceDirectory,
} from "./replace-directory.ts";
import { SNAPSHOT, SnapshotFile } from "./snapshot.ts";
import { StoreError } from "./store-error.ts";
import type { StoreLog } from "./store-log.ts";
import { unpackBackup } from "./unpack-backup.ts";
import { UsageCounters } from "./usage.ts";
import { verifyDirectory } from "./verify.ts";

export interface RestoreParts {
  io: FileSystem;
  /** Made, with mode 0700, when it is absent. */
  directory: string;
  archive: string;
  log: StoreLog;
  now: () => number;
  /** Makes the restored directory safe to use, before it takes the old one's place. */
  settle: (restored: Restored) => Promise<void>;
}

/** A backup unpacked and seen to be good, in an epoch of its own. */
export interface Restored {
  store: JsonStore;
  manifest: Manifest;
  /** What the directory held before, as far as it can be read. */
  aside: Aside;
}

export interface Aside {
  /** Where it will be; null when there was nothing. */
  name: string | null;
  /** Null: it cannot be read; `problem` says why. */
  records: ViewReader | null;
  problem: string | null;
  /** Whether it goes on from the backup's very end. */
  continues: boolean;
}

/**
 * Puts a backup in the place of what the directory holds. A crash at any step leaves either the old or the new, as does
 * an error. Throws `StoreError` when the backup is not good, down to the last bit and reference.
 */
export async function restoreBackup(parts: RestoreParts): Promise<void> {
  const { io, directory } = parts;
  await prepareDirectory(io, directory);
  await assertOwn(io, directory);
  const lock = await lockDirectory(io, directory);
  try {
    await finishReplacing(io, directory);
    const stamp = new Date(parts.now()).toISOString().replace(/[-:]|\.\d+/g, "");
    const incoming = join(directory, incomingName(stamp));
    await io.mkdir(incoming, { mode: 0o700 });
    try {
      await makeReady(parts, incoming, stamp);
      await replaceDirectory(io, directory, stamp);
    } catch (error) {
      await io.rm(incoming, { recursive: true, force: true });
      throw error;
    }
  } finally {
    await lock.release();
  }
}

async function makeReady(parts: RestoreParts, incoming: string, stamp: string): Promise<void> {
  const { io, directory, archive, log, now, settle } = parts;
  const manifest = await unpackBackup(io, archive, incoming);
  await assertGood(io, archive, incoming, manifest);
  for (const name of [MANIFEST, SUMS]) await removeIfPresent(io, join(incoming, name));
  await beginEpoch(io, incoming);
  const store = await openJsonStore({ directory: incoming, log, now, io });
  try {
    await settle({ store, manifest, aside: await readAside(io, directory, manifest, stamp) });
  } finally {
    await store.close();
  }
}

async function assertGood(io: FileSystem, archive: string, incoming: string, tip: Manifest): Promise<void> {
  const { problems } = await verifyDirectory(io, incoming, tip);
  const [first] = problems;
  if (!first) return;
  const text = problemText(first).replace(`${incoming}/`, "");
  throw new StoreError(
    `${archive}: what is in it is damaged (${text}). Nothing was changed. Use another backup`,
  );
}

/** The restored history is another one from here on. */
async function beginEpoch(io: FileSystem, incoming: string): Promise<void> {
  const snapshot = new SnapshotFile(join(incoming, SNAPSHOT), io);
  const directory = await snapshot.read();
  if (!directory) throw new Error("The snapshot was there a moment ago");
  await snapshot.write({ ...directory, epoch: randomUUID() });
}

async function readAside(io: FileSystem, directory: string, tip: Manifest, stamp: string): Promise<Aside> {
  const isEmpty = !(await io.readdir(directory)).some(isContent);
  if (isEmpty) return { name: null, records: null, problem: null, continues: false };
  const name = join(directory, asideName(stamp));
  try {
    const { tables } = (await readDirectory(io, directory)).directory;
    // Where the backup's tip lies on its chain, it is the same history gone on.
    const { problems } = await verifyDirectory(io, directory, tip);
    const records = new ViewReader(tables, new UsageCounters(tables));
    const [first] = problems;
    return { name, records, problem: first ? problemText(first) : null, continues: problems.length === 0 };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { name, records: null, problem: error.message, continues: false };
  }
}
