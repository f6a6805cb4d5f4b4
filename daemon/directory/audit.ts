import type { CheckedParams, Result } from "../../protocol/index.ts";
import type { EntryQuery } from "../store/store.ts";
import type { Call } from "./caller.ts";
import type { Context } from "./context.ts";
import { type EntryCondition, endedSo, hasInName, isAbout, isBy, isOfType } from "./entry-conditions.ts";
import { findUser } from "./targets.ts";

/** What happened and what was tried, as the journal holds it. */
export function createAudit({ store }: Pick<Context, "store">) {
  /** By what entries know whom a reference names: a user may have had another name then, and has keys. */
  async function namesOf(ref: string): Promise<ReadonlySet<string>> {
    const user = await findUser(store, ref);
    if (!user) return new Set([ref]);
    const keys = await store.keysOf(user.id);
    return new Set([ref, user.id, ...keys.map(({ id }) => id)]);
  }

  /** Those that most entries miss come first. */
  async function conditionsOf(params: CheckedParams<"audit.query">): Promise<EntryCondition[]> {
    const { actor, subject, text, type, outcome } = params;
    return [
      ...(subject === undefined ? [] : [isAbout(await namesOf(subject))]),
      ...(actor === undefined ? [] : [isBy(await namesOf(actor))]),
      ...(text ? [hasInName(text)] : []),
      ...(type === undefined ? [] : [isOfType(type)]),
      ...(outcome === undefined ? [] : [endedSo(outcome)]),
    ];
  }

  async function sought(
    params: CheckedParams<"audit.query">,
  ): Promise<Pick<EntryQuery, "matches" | "mentions">> {
    const conditions = await conditionsOf(params);
    return {
      // Counters of uses are in the journal, but nobody did anything.
      matches: (entry) => entry.type !== "usage.recorded" && conditions.every(({ holds }) => holds(entry)),
      mentions: conditions.flatMap(({ mentions }) => mentions),
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
