import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  BACKUP_FORMAT,
  MANIFEST,
  type Manifest,
  nameOfMember,
  SUMS,
  type Sum,
  sumsText,
} from "./backup-form.ts";
import { type FileSystem, readFrom, writeFully } from "./files.ts";
import { SNAPSHOT } from "./snapshot.ts";
import { StoreError } from "./store-error.ts";
import { readTar, TarProblem } from "./tar.ts";

/**
 * Unpacks a backup into an empty directory and holds it to its checksums. Throws `StoreError` when a single bit of it
 * is not as it was written; what the journal and the records in it say is not looked at.
 */
export async function unpackBackup(io: FileSystem, archive: string, directory: string): Promise<Manifest> {
  try {
    const { sums, sumsFile } = await unpackMembers(io, archive, directory);
    compareSums(sums, sumsFile);
    return readManifest(await readText(io, join(directory, MANIFEST)));
  } catch (error) {
    if (error instanceof TarProblem) throw new StoreError(`${archive}: ${error.message}. Use another backup`);
    if (isSystemError(error) && error.path === archive) {
      throw new StoreError(`${archive}: it cannot be read (${error.code})`, { cause: error });
    }
    throw error;
  }
}

async function unpackMembers(io: FileSystem, archive: string, directory: string) {
  await io.mkdir(join(directory, "audit"), { mode: 0o700 });
  const sums: Sum[] = [];
  const file = await io.open(archive, "r");
  try {
    if (!(await file.stat()).isFile()) throw new TarProblem("it is not a file");
    for await (const { member, content } of readTar(file)) {
      const name = nameOfMember(member);
      const last = sums.at(-1);
      if (last?.name === SUMS || sums.some((sum) => sum.name === name)) {
        throw new TarProblem(`${name} is in the wrong place`);
      }
      sums.push({ name, sha256: await unpack(io, join(directory, name), content) });
    }
  } finally {
    await file.close();
  }
  if (sums.pop()?.name !== SUMS) throw new TarProblem("its end is missing");
  for (const name of [MANIFEST, SNAPSHOT]) {
    if (!sums.some((sum) => sum.name === name)) throw new TarProblem(`it holds no ${name}`);
  }
  return { sums, sumsFile: await readText(io, join(directory, SUMS)) };
}

/** Resolves with the SHA-256, hex. */
async function unpack(io: FileSystem, path: string, content: AsyncIterable<Buffer>): Promise<string> {
  const sum = createHash("sha256");
  const file = await io.open(path, "wx", 0o600);
  try {
    for await (const chunk of content) {
      sum.update(chunk);
      await writeFully(file, chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return sum.digest("hex");
}

function compareSums(sums: readonly Sum[], written: string): void {
  if (sumsText(sums) === written) return;
  const lines = new Set(written.split("\n"));
  const changed = sums.find((sum) => !lines.has(sumsText([sum]).trimEnd()));
  throw new TarProblem(`${changed?.name ?? SUMS} is damaged: its checksum does not match`);
}

function readManifest(text: string): Manifest {
  const manifest = parseManifest(text);
  if (manifest.format === BACKUP_FORMAT) return manifest;
  throw new TarProblem(
    `it was written by a newer Roster (format ${manifest.format}; this one reads ${BACKUP_FORMAT})`,
  );
}

function parseManifest(text: string): Manifest {
  try {
    return JSON.parse(text) as Manifest;
  } catch (error) {
    if (error instanceof SyntaxError) throw new TarProblem(`${MANIFEST} is not valid JSON`);
    throw error;
  }
}

async function readText(io: FileSystem, path: string): Promise<string> {
  const file = await io.open(path, "r");
  try {
    return (await readFrom(file, 0)).toString();
  } finally {
    await file.close();
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && "path" in error;
}
