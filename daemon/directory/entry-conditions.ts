import { type ApiKey, type Entry, normaliseUsername } from "../../protocol/index.ts";
import type { EntryQuery } from "../store/store.ts";

/** Something that is asked of entries, and what every entry of which it holds mentions. */
export interface EntryCondition {
  holds: EntryQuery["matches"];
  mentions: NonNullable<EntryQuery["mentions"]>;
}

/** The actor is one of these. A key acts under its owner's name and its own, `mia/backup`, and counts as both. */
export function isBy(names: ReadonlySet<string>): EntryCondition {
  const holds = ({ actor: { kind, id, name } }: Entry): boolean => {
    if (id !== null && names.has(id)) return true;
    if (name === null) return false;
    const known = normaliseUsername(name);
    const [owner = ""] = known.split("/");
    return names.has(known) || (kind === "key" && names.has(owner));
  };
  return { holds, mentions: [[...names]] };
}

/** The subject is one of these. */
export function isAbout(names: ReadonlySet<string>): EntryCondition {
  return {
    holds: ({ subject }) =>
      subject !== null && (names.has(subject.id) || names.has(normaliseUsername(subject.name))),
    mentions: [[...names]],
  };
}

/** The actor's or the subject's name, as people see it, has this in it. */
export function hasInName(text: string): EntryCondition {
  const part = normaliseUsername(text);
  return {
    holds: (entry) => namesIn(entry).some((name) => normaliseUsername(name).includes(part)),
    // A slash may stand between an owner's name and a key's.
    mentions: part.split("/").map((name) => [name]),
  };
}

/** A key's with its owner, `mia/backup`, where the entry says whose it is. */
function namesIn({ actor, subject, data }: Entry): string[] {
  const { key } = data as { key?: Partial<ApiKey> };
  const owner = subject?.kind === "key" && key?.username !== undefined ? `${key.username}/` : "";
  return [actor.name ?? "", owner + (subject?.name ?? "")];
}

/** A type, or a noun for all of its types, such as `key.*`. */
export function isOfType(type: string): EntryCondition {
  const begins = type.endsWith(".*") ? type.slice(0, -1) : null;
  return {
    holds: (entry) => (begins === null ? entry.type === type : entry.type.startsWith(begins)),
    mentions: [[normaliseUsername(begins ?? type)]],
  };
}

export function endedSo(outcome: Entry["outcome"]): EntryCondition {
  return { holds: (entry) => entry.outcome === outcome, mentions: [[outcome]] };
}
