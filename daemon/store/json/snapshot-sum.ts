import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { type FileSystem, readFrom } from "./files.ts";
import { readHeader, type SnapshotHeader } from "./snapshot-reader.ts";
import { damaged } from "./store-error.ts";

const CHUNK = 256 * 1024;
/** The last line, in which the checksum over all before it stands. */
const LAST_LINE = /^"checksum":"([0-9a-f]{64})"}\n$/;
const LAST_LINE_LENGTH = 79;

/**
 * Reads a snapshot's header and tells whether all of it is what its checksum says, in memory that does not depend on
 * its size. Throws `StoreError`.
 */
export async function checkSnapshotSum(
  io: FileSystem,
  path: string,
  signal?: AbortSignal,
): Promise<{ header: SnapshotHeader; intact: boolean }> {
  const file = await io.open(path, "r");
  try {
    const { size } = await file.stat();
    const end = size - LAST_LINE_LENGTH;
    const stated = LAST_LINE.exec((await readFrom(file, Math.max(0, end))).toString("latin1"))?.[1];
    if (stated === undefined) throw damaged(path, null, size === 0 ? "it is empty" : "its end is missing");
    const sum = createHash("sha256");
    for (let position = 0; position < end; position += CHUNK) {
      sum.update(await readFrom(file, position, Math.min(CHUNK, end - position)));
      await setImmediate(undefined, { signal });
    }
    const beginning = (await readFrom(file, 0, CHUNK)).toString();
    const header = readHeader(path, beginning.slice(0, beginning.indexOf("\n") + 1));
    return { header, intact: sum.digest("hex") === stated };
  } finally {
    await file.close();
  }
}
