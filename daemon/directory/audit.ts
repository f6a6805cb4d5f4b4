import type { Result } from "../../protocol/index.ts";
import type { Call } from "./caller.ts";
import type { Context } from "./context.ts";
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

  return {
    async query({ params }: Call<"audit.query">): Promise<Result<"audit.query">> {
      const { actor, subject, ...rest } = params;
      return store.queryEntries({
        ...rest,
        ...(actor !== undefined && { actor: await namesOf(actor) }),
        ...(subject !== undefined && { subject: await namesOf(subject) }),
      });
    },

    async tip(): Promise<Result<"audit.tip">> {
      return store.tip();
    },
  };
}
