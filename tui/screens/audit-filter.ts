import type { AuditFilter } from "../audit-trail.ts";
import {
  FilterProblem,
  type FilterTerms,
  oneOf,
  type ParsedFilter,
  parseTerms,
  type TermParser,
} from "./filter-terms.ts";
import { parseBack } from "./times.ts";

const outcomes = ["ok", "denied", "failed"] as const;

/** An instant before now, for a term such as `from:7d`. */
export function instantOf(value: string, now: number): string {
  const back = parseBack(value, now);
  if ("problem" in back) throw new FilterProblem(back.problem);
  return back.at;
}

/** Reads `actor:mia type:key.* from:7d`. The rest is part of a name: of who did it, or of what it was done to. */
export function parseAuditFilter(line: string, now: number): ParsedFilter<AuditFilter> {
  const terms: FilterTerms<AuditFilter> = {
    fields: new Map<string, TermParser<AuditFilter>>([
      ["actor", (actor) => ({ actor })],
      ["subject", (subject) => ({ subject })],
      ["type", (type) => ({ type: type.includes(".") ? type : `${type}.*` })],
      ["outcome", (value) => ({ outcome: oneOf(outcomes, value) })],
      ["from", (value) => ({ from: instantOf(value, now) })],
      ["to", (value) => ({ to: instantOf(value, now) })],
    ]),
    text: (text) => ({ text }),
  };
  return parseTerms(line, terms);
}
