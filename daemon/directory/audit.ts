import {
  type Actor,
  type CheckedParams,
  type Entry,
  normaliseUsername,
  type Result,
  type Subject,
} from "../../protocol/index.ts";
import type { Call } from "./caller.ts";
import type { Context } from "./context.ts";
import { findUser } from "./targets.ts";

type Matches = (entry: Entry) => boolean;

/** What happened and what was tried, as the journal holds it. */
export function createAudit({ store }: Pick<Context, "store">) {
  /** By what entries know whom a reference names: a user may have had another name then, and has keys. */
  async function namesOf(ref: string): Promise<ReadonlySet<string>> {
    const user = await findUser(store, ref);
    if (!user) return new Set([ref]);
    const keys = await store.keysOf(user.id);
    return new Set([ref, user.id, ...keys.map(({ id }) => id)]);
  }

  async function matching(params: CheckedParams<"audit.query">): Promise<Matches> {
    const { actor, subject, type, outcome, from, to } = params;
    const actors = actor === undefined ? null : await namesOf(actor);
    const subjects = subject === undefined ? null : await namesOf(subject);
    return (entry) =>
      // Counters of uses are in the journal, but nobody did anything.
      entry.type !== "usage.recorded" &&
      (type === undefined || isOfType(entry.type, type)) &&
      (outcome === undefined || entry.outcome === outcome) &&
      (from === undefined || entry.at >= from) &&
      (to === undefined || entry.at < to) &&
      (actors === null || isBy(entry.actor, actors)) &&
      (subjects === null || (entry.subject !== null && isAbout(entry.subject, subjects)));
  }

  return {
    async query({ params }: Call<"audit.query">): Promise<Result<"audit.query">> {
      const { before, after, limit } = params;
      const matches = await matching(params);
      return store.queryEntries({
        matches,
        limit,
        ...(before !== undefined && { before }),
        ...(after !== undefined && { after }),
      });
    },

    async tip(): Promise<Result<"audit.tip">> {
      return store.tip();
    },
  };
}

/** A type, or a noun for all of its types, such as `key.*`. */
function isOfType(type: string, wanted: string): boolean {
  return wanted.endsWith(".*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

/** A key acts under its owner's name and its own, `mia/backup`, and counts as both. */
function isBy({ kind, id, name }: Actor, names: ReadonlySet<string>): boolean {
  if (id !== null && names.has(id)) return true;
  if (name === null) return false;
  const [owner = ""] = name.split("/");
  return names.has(normaliseUsername(name)) || (kind === "key" && names.has(owner));
}

function isAbout({ id, name }: Subject, names: ReadonlySet<string>): boolean {
  return names.has(id) || names.has(normaliseUsername(name));
}
