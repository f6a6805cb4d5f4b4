import { type Actor, ProtocolError, refusal } from "../../protocol/index.ts";
import type { UserRecord } from "../store/records.ts";
import type { Store, Transaction } from "../store/store.ts";
import { after, lockedUntil } from "./lifetime.ts";
import { userSubject } from "./subjects.ts";
import { userView } from "./views.ts";

/**
 * The growing delay of one account after wrong passwords: none after the first two, which are mostly slips, then
 * as `DELAYS` says. While a delay runs, right and wrong passwords alike are refused without being looked at.
 */
export interface Lockout {
  /** Throws 429 `rateLimited` while a delay runs; for names without an account alike. */
  assertOpen(username: string, user: UserRecord | undefined): Promise<void>;
  /** Counts a wrong password. Works at once and is written behind, so that its time tells nothing. */
  failed(username: string, user: UserRecord | undefined, actor: Actor): Promise<void>;
  /** Forgets the wrong passwords of the account; resolves with whether there were any. */
  clear(tx: Transaction, user: UserRecord): Promise<boolean>;
}

/** In seconds, by the number of wrong passwords; the last one, `LONGEST_DELAY_MS`, stands for all further. */
const DELAYS = [0, 0, 0, 1, 3, 5, 10, 30, 60, 120, 300, 600, 900];
/** Names counted in memory; the oldest are forgotten, or a stranger could fill it with invented ones. */
const MOST_NAMES = 10_000;

interface Failures {
  failures: number;
  until: string;
}

export function createLockout({ store, now }: { store: Store; now: () => string }): Lockout {
  const recent = new Map<string, Failures>();

  async function failuresOf(username: string, user: UserRecord | undefined): Promise<Failures | undefined> {
    const stored = user && (await store.lockout(user.id));
    return latest(username, stored);
  }

  function latest(username: string, stored: Failures | undefined): Failures | undefined {
    const counted = recent.get(username);
    return (counted?.failures ?? 0) >= (stored?.failures ?? 0) ? counted : stored;
  }

  function remember(username: string, failures: Failures): void {
    recent.delete(username);
    const [oldest] = recent.keys();
    if (oldest !== undefined && recent.size >= MOST_NAMES) recent.delete(oldest);
    recent.set(username, failures);
  }

  async function write(user: UserRecord, counted: Failures, actor: Actor): Promise<void> {
    await store.transaction(actor, async (tx) => {
      const current = await tx.user(user.id);
      if (!current || recent.get(user.username) !== counted) return;
      tx.put("lockouts", { id: user.id, ...counted });
      tx.entry("user.locked", userSubject(current), { user: await userView(tx, current, tx.at) });
    });
  }

  return {
    async assertOpen(username, user) {
      const at = now();
      const until = lockedUntil(await failuresOf(username, user), at);
      if (until === null) return;
      throw refusal(
        "rateLimited",
        "Too many wrong passwords for this account; wait before the next attempt",
        {
          retryAfterMs: Date.parse(until) - Date.parse(at),
        },
      );
    },

    async failed(username, user, actor) {
      const stored = user && (await store.lockout(user.id));
      // In one go from here on: of two that fail side by side each counts.
      const failures = (latest(username, stored)?.failures ?? 0) + 1;
      const seconds = DELAYS[Math.min(failures, DELAYS.length - 1)] ?? 0;
      const counted = { failures, until: after(now(), seconds * 1000) };
      remember(username, counted);
      // Waiting for the disk only where the account exists would tell which names do.
      if (user && seconds > 0) write(user, counted, actor).catch(ignoreUnavailableStore);
    },

    async clear(tx, user) {
      const isStored = (await tx.lockout(user.id)) !== undefined;
      if (isStored) tx.delete("lockouts", user.id);
      return recent.delete(user.username) || isStored;
    },
  };
}

/** The delay is counted in memory all the same. */
function ignoreUnavailableStore(error: unknown): void {
  if (error instanceof ProtocolError && error.reason === "storeUnavailable") return;
  throw error;
}
