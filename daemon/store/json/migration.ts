import { createHash, type Hash } from "node:crypto";
import { join } from "node:path";
import { BACKUPS, SUMS } from "./backup-form.ts";
import { type FileSystem, makeSubdirectory, readFrom } from "./files.ts";
import { replaceFile, SLICE } from "./replace-file.ts";
import { segmentName, segmentStarts } from "./segment.ts";
import { SNAPSHOT } from "./snapshot.ts";
import { FORMAT } from "./snapshot-reader.ts";
import { StoreError } from "./store-error.ts";

/** What the journal says of a migration. */
export interface Migration {
  from: number;
  to: number;
  /** Where the directory is as it was, in the data directory. */
  copy: string;
}

/** A directory that has been read. */
interface Older {
  format: number;
  /** Its last position. */
  seq: number;
  /** The position of its snapshot. */
  snapshotSeq: number;
}

/**
 * Copies a directory of an older form before anything in it becomes newer: the snapshot and the journal after it, which
 * that version can be started on, and their checksums for sha256sum(1). A copy cut short has no checksums and is made
 * again. What came before the snapshot is not copied: it is sealed, and never rewritten.
 */
export async function copyOlder(io: FileSystem, directory: string, older: Older): Promise<Migration> {
  const name = `format-${older.format}-at-${older.seq}`;
  try {
    await makeSubdirectory(io, directory, BACKUPS);
    await makeSubdirectory(io, join(directory, BACKUPS), name);
    await copyFiles(io, directory, join(directory, BACKUPS, name), older.snapshotSeq);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new StoreError(
      `${directory}: it has an older form, and no copy of it could be put into ${BACKUPS}/ before that changes ` +
        `(${error.message}). Nothing was changed. Make room, or run the older version`,
      { cause: error },
    );
  }
  return { from: older.format, to: FORMAT, copy: `${BACKUPS}/${name}` };
}

async function copyFiles(io: FileSystem, from: string, to: string, snapshotSeq: number): Promise<void> {
  const starts = segmentStarts(await io.readdir(from)).filter((seq) => seq >= snapshotSeq);
  let sums = "";
  for (const name of [SNAPSHOT, ...starts.map(segmentName)]) {
    const sum = createHash("sha256");
    await replaceFile(io, join(to, name), bytesOf(io, join(from, name), sum));
    sums += `${sum.digest("hex")}  ${name}\n`;
  }
  await replaceFile(io, join(to, SUMS), [Buffer.from(sums)]);
}

async function* bytesOf(io: FileSystem, path: string, sum: Hash): AsyncGenerator<Buffer> {
  const file = await io.open(path, "r");
  try {
    for (let position = 0; ; position += SLICE) {
      const slice = await readFrom(file, position, SLICE);
      if (slice.length === 0) return;
      sum.update(slice);
      yield slice;
    }
  } finally {
    await file.close();
  }
}
