import { type ApiKey, type Entry, normaliseUsername } from "../../../protocol/index.ts";

/** Who acted, or what it was done to: all by which an entry is found there. */
export interface Party {
  readonly id: string | null;
  readonly name: string | null;
  /** A key that acted under its owner's name and its own, `mia/backup`, and counts as both. */
  readonly isActingKey: boolean;
  /** The owner of a key, where the entry says whose it is besides what it is called. */
  readonly owner: string | null;
}

export function actorOf({ actor: { kind, id, name } }: Entry): Party {
  return { id, name, isActingKey: kind === "key", owner: null };
}

const NOTHING: Party = { id: null, name: null, isActingKey: false, owner: null };

export function subjectOf({ subject, data }: Entry): Party {
  if (subject === null) return NOTHING;
  const { kind, id, name } = subject;
  const { key } = data as { key?: Partial<ApiKey> };
  return { id, name, isActingKey: false, owner: kind === "key" ? (key?.username ?? null) : null };
}

/** The names that it is known by, normalised. */
export function namesOf({ name, isActingKey }: Party): string[] {
  if (name === null) return [];
  const known = normaliseUsername(name);
  const [owner = ""] = known.split("/");
  return isActingKey ? [known, owner] : [known];
}

/** Its name as people see it, normalised: a key's with its owner. */
export function titleOf({ name, owner }: Party): string {
  return normaliseUsername(owner === null ? (name ?? "") : `${owner}/${name}`);
}
