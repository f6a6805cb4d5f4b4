import { type Candidate, candidateOf, foreignCandidate } from "./candidates.ts";
import { csvRows } from "./csv.ts";
import { foreignUsers } from "./foreign.ts";
import { guessFormat, type ImportFormat } from "./formats.ts";
import { jsonItems, jsonLines, type SourceRow } from "./json-rows.ts";
import { type Mapping, proposeMapping, rolesOf } from "./mapping.ts";
import { beginningOf, chunksOf } from "./source-file.ts";

/** A file to import; `candidates` reads it from its beginning each time. */
export interface Source {
  candidates(): AsyncIterable<Candidate>;
  /** How groups of another system become roles here; null for Roster's own formats, which name roles. */
  mapping: Mapping | null;
}

/** Opens a file in the format told, else in the one that it looks like. */
export async function openSource(
  file: string,
  format: ImportFormat | undefined,
  mapping: Mapping | undefined,
): Promise<Source> {
  const beginning = await beginningOf(file);
  const known = format ?? guessFormat(file, beginning);
  if (known === "json" || known === "jsonl" || known === "csv") {
    const rows = {
      json: () => jsonItems(file, chunksOf(file)),
      jsonl: () => jsonLines(file, chunksOf(file)),
      csv: () => csvRows(file, chunksOf(file), beginning),
    }[known];
    return { candidates: () => candidatesOf(file, rows()), mapping: null };
  }
  const users = await foreignUsers(known, file, chunksOf(file));
  const roles = mapping ?? proposeMapping(known, users);
  return {
    mapping: roles,
    async *candidates() {
      for (const { user, groups } of users) {
        yield foreignCandidate(file, { ...user, roles: rolesOf(groups, roles) });
      }
    },
  };
}

async function* candidatesOf(file: string, rows: AsyncIterable<SourceRow>): AsyncGenerator<Candidate> {
  for await (const row of rows) yield candidateOf(file, row);
}
