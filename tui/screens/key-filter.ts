import { keyStatuses, type Params } from "../../protocol/index.ts";
import { instantOf } from "./audit-filter.ts";
import {
  FilterProblem,
  type FilterTerms,
  oneOf,
  type ParsedFilter,
  parseTerms,
  type TermParser,
} from "./filter-terms.ts";
import { parseBack } from "./times.ts";

export type KeyFilter = Omit<Params<"keys.list">, "allUsers" | "offset" | "limit">;

/** Reads `status:retiring user:mia unused:30d expiring:7d`; the rest is part of a key's name. */
export function parseKeyFilter(line: string, now: number): ParsedFilter<KeyFilter> {
  const terms: FilterTerms<KeyFilter> = {
    fields: new Map<string, TermParser<KeyFilter>>([
      ["status", (value) => ({ status: oneOf(keyStatuses, value) })],
      ["user", (user) => ({ user })],
      ["unused", (value) => ({ unusedSince: instantOf(value, now) })],
      ["expiring", (value) => ({ expiresBefore: soon(value, now) })],
      ["older", (value) => ({ createdBefore: instantOf(value, now) })],
    ]),
    text: (text) => ({ text }),
  };
  const parsed = parseTerms(line, terms);
  if ("problem" in parsed) return parsed;
  const { unusedSince, expiresBefore, createdBefore } = parsed.filter;
  // Keys that have ended are unused, expired and old as well, but nobody looks for those.
  const live = unusedSince ?? expiresBefore ?? createdBefore;
  return { filter: { ...(live && { status: "active" }), ...parsed.filter } };
}

/** A span from now on, or a date. */
function soon(value: string, now: number): string {
  const back = parseBack(value, now);
  if ("problem" in back)
    throw new FilterProblem("is a span from now such as 7d, or a date such as 2027-01-31");
  const at = Date.parse(back.at);
  return /^\d+[mhdy]$/i.test(value) ? new Date(2 * now - at).toISOString() : back.at;
}
