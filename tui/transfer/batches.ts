import { mostImported } from "../../protocol/index.ts";
import type { Candidate } from "./candidates.ts";

/** What a batch may take as JSON: below the daemon's frame of 1 MiB, with room for what is around the rows. */
const BATCH_BYTES = 768 * 1024;

/** Rows in lots that one `users.import` takes. Reads on only when asked for the next lot, so that none pile up. */
export async function* batchesOf(candidates: AsyncIterable<Candidate>): AsyncGenerator<Candidate[]> {
  let batch: Candidate[] = [];
  let bytes = 0;
  let passwords = 0;
  for await (const candidate of candidates) {
    const password = Object.hasOwn(Object(candidate.user), "password") ? 1 : 0;
    const isFull =
      batch.length === mostImported.rows ||
      bytes + candidate.bytes > BATCH_BYTES ||
      passwords + password > mostImported.passwords;
    if (isFull && batch.length > 0) {
      yield batch;
      batch = [];
      bytes = 0;
      passwords = 0;
    }
    batch.push(candidate);
    bytes += candidate.bytes + 1;
    passwords += password;
  }
  if (batch.length > 0) yield batch;
}
