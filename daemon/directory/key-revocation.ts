import type { KeyRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import { keySubject } from "./subjects.ts";
import type { KeyView } from "./views.ts";

/** Ends a live key at the transaction's instant. */
export async function revokeKey(
  tx: Transaction,
  key: KeyRecord,
  reason: string | null,
  keyView: KeyView,
): Promise<KeyRecord> {
  const revoked: KeyRecord = { ...key, revokedAt: tx.at, revokedReason: reason };
  tx.put("keys", revoked);
  tx.entry("key.revoked", keySubject(revoked), { key: await keyView(tx, revoked, tx.at) });
  return revoked;
}
