import {
  type Actor,
  type CheckedParams,
  normaliseUsername,
  type Result,
  type Subject,
} from "../../protocol/index.ts";
import type { EntryQuery } from "../store/store.ts";
import type { Call } from "./caller.ts";
import type { Context } from "./context.ts";
import { findUser } from "./targets.ts";

type Sought = Pick<EntryQuery, "matches" | "mentions">;

/** What happened and what was tried, as the journal holds it. */
export function createAudit({ store }: Pick<Context, "store">) {
  /** By what entries know whom a reference names: a user may have had another name then, and has keys. */
  async function namesOf(ref: string): Promise<ReadonlySet<string>> {
    const user = await findUser(store, ref);
    if (!user) return new Set([ref]);
    const keys = await store.keysOf(user.id);
    return new Set([ref, user.id, ...keys.map(({ id }) => id)]);
  }

  async function sought(params: CheckedParams<"audit.query">): Promise<Sought> {
    const { actor, subject, type, outcome } = params;
    const actors = actor === undefined ? null : await namesOf(actor);
    const subjects = subject === undefined ? null : await namesOf(subject);
    return {
      matches: (entry) =>
        // Counters of uses are in the journal, but nobody did anything.
        entry.type !== "usage.recorded" &&
        (type === undefined || isOfType(entry.type, type)) &&
        (outcome === undefined || entry.outcome === outcome) &&
        (actors === null || isBy(entry.actor, actors)) &&
        (subjects === null || (entry.subject !== null && isAbout(entry.subject, subjects))),
      mentions: [
        ...(subjects ? [[...subjects]] : []),
        ...(actors ? [[...actors]] : []),
        ...(type === undefined ? [] : [[normaliseUsername(type.replace(/\*$/, ""))]]),
        ...(outcome === undefined ? [] : [[outcome]]),
      ],
    };
  }

  return {
    async query({ params }: Call<"audit.query">): Promise<Result<"audit.query">> {
      const { from, to, before, after, limit } = params;
      return store.queryEntries({
        ...(await sought(params)),
        limit,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
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
  const known = normaliseUsername(name);
  const [owner = ""] = known.split("/");
  return names.has(known) || (kind === "key" && names.has(owner));
}

function isAbout({ id, name }: Subject, names: ReadonlySet<string>): boolean {
  return names.has(id) || names.has(normaliseUsername(name));
}
