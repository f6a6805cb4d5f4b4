import type { Context } from "./context.ts";
import { after } from "./lifetime.ts";
import type { Chore } from "./sweep.ts";

const HOUR_MS = 3_600_000;

/** The audit is kept for a time and to a size. */
export function createAuditChore({ store, retention }: Pick<Context, "store" | "retention">): Chore {
  return {
    async run(now, trustedFrom) {
      const since = trustedFrom <= now ? after(now, -retention.audit) : null;
      await store.pruneEntries({ since, bytes: retention.auditBytes });
      return after(now, HOUR_MS);
    },

    endsIn: () => [],
  };
}
