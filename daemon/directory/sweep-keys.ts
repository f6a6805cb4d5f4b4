import type { Entry } from "../../protocol/index.ts";
import type { KeyRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import type { Context } from "./context.ts";
import { after, keyEnd, later } from "./lifetime.ts";
import { keySubject } from "./subjects.ts";
import { AT_ONCE, BATCH, type Chore, Earliest, NEVER, SYSTEM } from "./sweep.ts";

/** Keys expire, and are dropped when they have been ended for long. */
export function createKeyChore({ store, keyView, retention }: Context): Chore {
  /** The instant at which the sweep has something to do with a key. */
  function dueAt(key: KeyRecord, trustedFrom: string): string {
    const endedAt = key.revokedAt ?? key.expiredAt;
    if (endedAt === null) return keyEnd(key) ?? NEVER;
    return later(after(endedAt, retention.endedKeys), trustedFrom);
  }

  async function expire(tx: Transaction, key: KeyRecord): Promise<void> {
    const expired = { ...key, expiredAt: tx.at };
    tx.put("keys", expired);
    tx.entry("key.expired", keySubject(expired), { key: await keyView(tx, expired, tx.at) });
  }

  function drop(tx: Transaction, key: KeyRecord): void {
    tx.delete("keys", key.id);
    tx.entry("key.dropped", keySubject(key), { userId: key.userId });
  }

  return {
    async run(now, trustedFrom) {
      const next = new Earliest();
      const keys = await store.scanKeys({
        matches: (key) => {
          const due = dueAt(key, trustedFrom);
          if (due <= now) return true;
          next.add(due);
          return false;
        },
        limit: BATCH,
      });
      if (keys.length === 0) return next.instant;
      await store.transaction(SYSTEM, async (tx) => {
        for (const { id } of keys) {
          const key = await tx.key(id);
          if (!key || dueAt(key, trustedFrom) > tx.at) continue;
          if (key.revokedAt === null && key.expiredAt === null) await expire(tx, key);
          else drop(tx, key);
        }
      });
      return AT_ONCE;
    },

    endsIn({ type, at, data }: Entry) {
      if (!type.startsWith("key.")) return [];
      const { key, previous } = data as { [of in "key" | "previous"]?: Partial<KeyRecord> };
      const hasEnded = type === "key.revoked" || type === "key.expired";
      return [key?.expiresAt, previous?.graceUntil, hasEnded ? after(at, retention.endedKeys) : null];
    },
  };
}
