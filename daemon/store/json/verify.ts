import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Entry } from "../../../protocol/index.ts";
import type { Problem } from "../store.ts";
import type { Chain, ChainPart } from "./chain-check.ts";
import { checkChain } from "./chain-check.ts";
import type { Views } from "./collections.ts";
import type { FileSystem } from "./files.ts";
import { Problems } from "./problem.ts";
import { type Origins, readDirectory } from "./read-directory.ts";
import { checkRecords } from "./record-check.ts";
import { listSegments } from "./segments.ts";
import { SNAPSHOT } from "./snapshot.ts";
import { CHANGED, type SnapshotHeader } from "./snapshot-reader.ts";
import { checkSnapshotSum } from "./snapshot-sum.ts";
import { DamageError, hasCode, StoreError } from "./store-error.ts";
import { type KeptTip, tipProblem } from "./tip-check.ts";

/** What was found out about a data directory. */
export interface Verification {
  problems: readonly Problem[];
  /** Whether one of them is that the tip does not lie on the chain. */
  tipFails: boolean;
  /** The epoch and what its chain showed; null when the snapshot could not be read. */
  epoch: string | null;
  chain: Chain;
  /** How many users there are; null when the records could not be read. */
  users: number | null;
}

/** Looks at all of a data directory that this process has locked, and changes nothing. */
export async function verifyDirectory(
  io: FileSystem,
  directory: string,
  tip: KeptTip | null,
): Promise<Verification> {
  const problems = new Problems();
  const parts = () => chainParts(io, directory);
  const { header, chain } = await verifyFiles({ io, directory, parts, tip }, problems);
  const tipFails = header !== null && tip !== null && tipProblem(tip, chain, header.epoch) !== null;
  let users: number | null = null;
  if (problems.list.length === Number(tipFails)) {
    const read = await noting(problems, () => readDirectory(io, directory));
    if (read) await verifyRecords(read.directory.tables, problems, read);
    users = read?.directory.tables.view("users").size ?? null;
  }
  return { problems: problems.all(), tipFails, epoch: header?.epoch ?? null, chain, users };
}

export interface VerifiedFiles {
  io: FileSystem;
  directory: string;
  /** All parts of the chain, oldest first; asked for once the snapshot has been looked at, which lies on them. */
  parts: () => Promise<readonly ChainPart[]>;
  tip: KeptTip | null;
  /** Ends the work early. */
  signal?: AbortSignal;
}

/** Looks at snapshot, chain and tip in slices. */
export async function verifyFiles(
  files: VerifiedFiles,
  problems: Problems,
): Promise<{ header: SnapshotHeader | null; chain: Chain }> {
  const path = join(files.directory, SNAPSHOT);
  const snapshot = await noting(problems, () => checkSnapshotSum(files.io, path, files.signal), path);
  if (snapshot && !snapshot.intact) problems.add(path, null, CHANGED);
  const header = snapshot?.header ?? null;
  return { header, chain: await checkHistory({ ...files, header }, problems) };
}

interface CheckedHistory extends Omit<VerifiedFiles, "parts"> {
  /** Absent: all that the directory holds. */
  parts?: VerifiedFiles["parts"];
  header: SnapshotHeader | null;
}

/** Looks at the chain, whether the snapshot of this header lies on it, and whether the tip does. */
export async function checkHistory(
  { io, directory, parts = () => chainParts(io, directory), header, tip, signal }: CheckedHistory,
  problems: Problems,
  seen?: (entry: Entry) => void,
): Promise<Chain> {
  const positions = [header?.seq, tip?.seq].filter((seq) => seq !== undefined);
  const asked = { anchor: header?.anchor ?? null, positions, seen, signal };
  const chain = await checkChain(io, await parts(), asked, problems);
  if (header && chain.hashes.get(header.seq) !== header.hash.toString("hex")) {
    problems.add(
      join(directory, SNAPSHOT),
      1,
      `its position ${header.seq} does not lie on the journal's chain`,
    );
  }
  const wrong = header && tip && tipProblem(tip, chain, header.epoch);
  if (wrong) problems.add(null, null, wrong);
  return chain;
}

/** Looks at every record in slices; what is wrong is told with the line that the record came from, if that is known. */
export async function verifyRecords(
  views: Views,
  problems: Problems,
  { origins, signal }: { origins?: Origins; signal?: AbortSignal },
): Promise<void> {
  let looked = 0;
  for (const found of checkRecords(views)) {
    looked += 1;
    if (looked % RECORDS_AT_ONCE === 0) await setImmediate(undefined, { signal });
    if (!found) continue;
    const { record, collection, problem } = found;
    const origin = origins?.get(record);
    const named = origin ? problem : `${collection} ${record.id}: ${problem}`;
    problems.add(origin?.file ?? null, origin?.line ?? null, named);
  }
}

/** All files of the journal, sealed or not. */
async function chainParts(io: FileSystem, directory: string): Promise<ChainPart[]> {
  const parts: ChainPart[] = [];
  for (const segment of await listSegments(io, directory)) {
    parts.push({ ...segment, bytes: (await io.stat(segment.path)).size });
  }
  return parts;
}

/** Some 15 µs each. */
const RECORDS_AT_ONCE = 100;

/** Runs `work`; what it finds damaged, or missing at `path`, is a problem among others. */
async function noting<T>(problems: Problems, work: () => Promise<T>, path?: string): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DamageError) problems.add(error.file, error.line, error.problem);
    else if (path !== undefined && hasCode(error, "ENOENT")) problems.add(path, null, "it is missing");
    else if (error instanceof StoreError) problems.add(null, null, error.message);
    else throw error;
    return null;
  }
}
