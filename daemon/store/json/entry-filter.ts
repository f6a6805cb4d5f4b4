import { type Entry, normaliseUsername } from "../../../protocol/index.ts";
import type { EntryQuery } from "../store.ts";
import { actorOf, namesOf, type Party, subjectOf, titleOf } from "./entry-parties.ts";

/** What is asked of an entry, whatever its place and its time. */
export type EntryAspects = Pick<EntryQuery, "actor" | "subject" | "text" | "type" | "outcome">;

/** Something that is asked of entries, and what every entry of which it holds mentions. */
interface EntryCondition {
  holds: (entry: Entry) => boolean;
  /** Of each list at least one text is within a string of the entry, normalised. */
  mentions: readonly (readonly string[])[];
}

/** Those that most entries miss come first. */
export function entryFilter({ actor, subject, text, type, outcome }: EntryAspects): EntryCondition {
  const conditions = [
    ...(subject ? [isAbout(subject)] : []),
    ...(actor ? [isBy(actor)] : []),
    ...(text ? [hasInName(text)] : []),
    isOfType(type),
    ...(outcome ? [endedSo(outcome)] : []),
  ];
  return {
    holds: (entry) => conditions.every(({ holds }) => holds(entry)),
    mentions: conditions.flatMap(({ mentions }) => mentions),
  };
}

function isBy(names: ReadonlySet<string>): EntryCondition {
  return { holds: (entry) => isOneOf(names, actorOf(entry)), mentions: [[...names]] };
}

function isAbout(names: ReadonlySet<string>): EntryCondition {
  return { holds: (entry) => isOneOf(names, subjectOf(entry)), mentions: [[...names]] };
}

function isOneOf(names: ReadonlySet<string>, party: Party): boolean {
  return (party.id !== null && names.has(party.id)) || namesOf(party).some((name) => names.has(name));
}

function hasInName(text: string): EntryCondition {
  const part = normaliseUsername(text);
  return {
    holds: (entry) => [actorOf(entry), subjectOf(entry)].some((party) => titleOf(party).includes(part)),
    // A slash may stand between an owner's name and a key's.
    mentions: part.split("/").map((name) => [name]),
  };
}

function isOfType(sought: string | undefined): EntryCondition {
  const isSought = typeFilter(sought);
  const mentioned = nounOf(sought) ?? sought;
  return {
    holds: ({ type }) => isSought(type),
    mentions: mentioned === undefined ? [] : [[normaliseUsername(mentioned)]],
  };
}

/** Counters of uses are in the journal, but nobody did anything. */
export function typeFilter(sought: string | undefined): (type: string) => boolean {
  const noun = nounOf(sought);
  return (type) => {
    if (type === "usage.recorded") return false;
    return noun === null ? sought === undefined || type === sought : type.startsWith(noun);
  };
}

/** Of `key.*`, the `key.` that such types begin with. */
function nounOf(sought: string | undefined): string | null {
  return sought?.endsWith(".*") ? sought.slice(0, -1) : null;
}

function endedSo(outcome: Entry["outcome"]): EntryCondition {
  return { holds: (entry) => entry.outcome === outcome, mentions: [[outcome]] };
}
