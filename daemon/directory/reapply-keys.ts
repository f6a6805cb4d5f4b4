import type { KeyRecord, UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import { revokeKey } from "./key-revocation.ts";
import { isLive, keyEnd } from "./lifetime.ts";
import type { Reapplied, ReapplyParts } from "./reapply.ts";
import { keySubject } from "./subjects.ts";

const UNKNOWN = "A backup was restored, and what was revoked after it is not known";
const ENDED = "Had ended before a backup was restored";
const OWNER_DELETED = "The user was deleted";

/** Ends or narrows the user's keys that were ended or narrowed after the backup; where that is not known, ends them. */
export async function reapplyToKeys(
  tx: Transaction,
  { aside, keepKeys, keyView }: ReapplyParts,
  user: UserRecord,
  done: Reapplied,
): Promise<void> {
  for (const key of await tx.keysOf(user.id)) {
    if (!isLive(key, tx.at)) continue;
    const later = await aside?.records.key(key.id);
    const reason = user.deletedAt !== null ? OWNER_DELETED : reasonToRevoke(later, tx.at);
    if (reason !== null) {
      await revokeKey(tx, key, reason, keyView);
      done.keysRevoked += 1;
      continue;
    }
    const narrowed = later ? narrowedTo(key, later) : key;
    const changed = (["expiresAt", "permissions"] as const).filter((field) => narrowed[field] !== key[field]);
    if (changed.length === 0) continue;
    tx.put("keys", narrowed);
    tx.entry("key.updated", keySubject(narrowed), { key: await keyView(tx, narrowed, tx.at), changed });
    done.keysNarrowed += 1;
  }

  function reasonToRevoke(later: KeyRecord | undefined, at: string): string | null {
    if (later && !isLive(later, at)) return later.revokedReason ?? ENDED;
    if (!later && aside?.continues) return ENDED;
    return aside?.continues || keepKeys ? null : UNKNOWN;
  }
}

/** Changes of a key only take away, so of two states the narrower one is the later. */
function narrowedTo(key: KeyRecord, later: KeyRecord): KeyRecord {
  const [before, end] = [keyEnd(key), keyEnd(later)];
  const isEarlier = end !== null && (before === null || end < before);
  return {
    ...key,
    expiresAt: isEarlier ? end : key.expiresAt,
    permissions: narrower(key.permissions, later.permissions),
  };
}

function narrower(one: KeyRecord["permissions"], other: KeyRecord["permissions"]): KeyRecord["permissions"] {
  if (other === null) return one;
  if (one === null) return other;
  return one.every((permission) => other.includes(permission))
    ? one
    : one.filter((permission) => other.includes(permission));
}
