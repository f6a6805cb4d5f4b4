import { type OpenRpcDocument, openRpcDocument, type Result } from "../protocol/index.ts";
import type { Call } from "./directory/caller.ts";
import type { Limits } from "./limits.ts";
import type { Store } from "./store/store.ts";

export interface SystemParts {
  store: Store;
  version: string;
  limits: Limits;
  /** Milliseconds since the epoch. */
  startedAt: number;
}

/** What the daemon says about itself. */
export function createSystem({ store, version, limits, startedAt }: SystemParts) {
  let document: OpenRpcDocument | undefined;
  return {
    /** Made when somebody first asks, and the same object from then on. */
    async discover(): Promise<OpenRpcDocument> {
      document ??= openRpcDocument(version);
      return document;
    },

    async backup({ change }: Call<"system.backup">): Promise<Result<"system.backup">> {
      const backup = await store.backup();
      await change(async (tx) => tx.entry("store.backedUp", null, { ...backup }));
      return backup;
    },

    async verify(): Promise<Result<"system.verify">> {
      const problems = [...(await store.verify())];
      return { ok: problems.length === 0, problems };
    },

    async info(): Promise<Result<"system.info">> {
      const { kind, healthy, users, seq, epoch } = store.status();
      return {
        name: "rosterd",
        version,
        protocol: "1",
        epoch,
        startedAt: new Date(startedAt).toISOString(),
        store: { kind, healthy, users, seq },
        limits: { ...limits },
      };
    },
  };
}
