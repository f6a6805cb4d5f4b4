import type { Entry } from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import type { Context } from "./context.ts";
import { after, later } from "./lifetime.ts";
import { endSessions } from "./sessions.ts";
import { userSubject } from "./subjects.ts";
import { AT_ONCE, BATCH, type Chore, Earliest, NEVER, SYSTEM } from "./sweep.ts";
import { purgeUser } from "./user-deletion.ts";
import { userView } from "./views.ts";

/** Accounts end at their `validUntil`, and deleted ones are purged when nobody has wanted them back. */
export function createUserChore({ store, lockout, retention }: Context): Chore {
  /** The instant at which the sweep has something to do with a user. */
  function dueAt({ deletedAt, validUntil, expiredAt }: UserRecord, trustedFrom: string): string {
    if (deletedAt !== null) return later(after(deletedAt, retention.deletedUsers), trustedFrom);
    return expiredAt === undefined && validUntil !== null ? validUntil : NEVER;
  }

  return {
    async run(now, trustedFrom) {
      const next = new Earliest();
      const users = await store.scanUsers({
        matches: (user) => {
          const due = dueAt(user, trustedFrom);
          if (due <= now) return true;
          next.add(due);
          return false;
        },
        limit: BATCH,
      });
      if (users.length === 0) return next.instant;
      await store.transaction(SYSTEM, async (tx) => {
        for (const { id } of users) {
          const user = await tx.user(id);
          if (!user || dueAt(user, trustedFrom) > tx.at) continue;
          if (user.deletedAt === null) await expire(tx, user);
          else await purgeUser(tx, user, lockout);
        }
      });
      return AT_ONCE;
    },

    endsIn({ type, data }: Entry) {
      if (!type.startsWith("user.")) return [];
      const { user } = data as { user?: Partial<UserRecord> };
      return [user?.validUntil, user?.deletedAt && after(user.deletedAt, retention.deletedUsers)];
    },
  };
}

/** Keys stay as they are, for an end that is put off. */
async function expire(tx: Transaction, user: UserRecord): Promise<void> {
  const expired: UserRecord = { ...user, expiredAt: tx.at };
  tx.put("users", expired);
  await endSessions(tx, expired, "userExpired");
  tx.entry("user.expired", userSubject(expired), { user: await userView(tx, expired, tx.at) });
}
