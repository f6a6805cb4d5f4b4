import { type Result, refusal } from "../../protocol/index.ts";
import type { KeyRecord, UserRecord } from "../store/records.ts";
import type { Transaction } from "../store/store.ts";
import type { Call, CallerNow } from "./caller.ts";
import type { Context } from "./context.ts";
import { newId } from "./ids.ts";
import { firstEnd } from "./key-grants.ts";
import { assertRoomForKey } from "./keys.ts";
import { after, keyStatus } from "./lifetime.ts";
import { assertOutranks } from "./rank.ts";
import { issueSecret } from "./secrets.ts";
import { keySubject } from "./subjects.ts";
import { targetKey } from "./targets.ts";

/**
 * Replaces a key by one of the same permissions. The old one works on until its grace ends, at the latest until
 * its own end; with no grace it has ended when the answer is sent, whatever the clock does later.
 */
export function createKeyRotation({ keyView, limits }: Context) {
  return {
    rotate({ params, change }: Call<"keys.rotate">): Promise<Result<"keys.rotate">> {
      return change(async (tx, by) => {
        const { key: old, owner } = await targetKey(tx, params.id);
        await assertMayRotate(tx, by, old, owner);
        const expiresAt = nextEnd(by, old, params.expiresAt, tx.at);
        const graceUntil = graceEnd(old, params.graceSeconds, tx.at);
        const { secret, ...traces } = issueSecret("rk");
        const next: KeyRecord = {
          ...old,
          ...traces,
          id: newId(tx.at),
          createdAt: tx.at,
          expiresAt,
          rotatedFrom: old.id,
        };
        const retired: KeyRecord = {
          ...old,
          rotatedTo: next.id,
          graceUntil,
          expiredAt: graceUntil <= tx.at ? tx.at : null,
        };
        tx.put("keys", retired);
        await assertRoomForKey(tx, owner, limits.keysPerUser);
        tx.put("keys", next);

        const key = await keyView(tx, next, tx.at);
        const previous = await keyView(tx, retired, tx.at);
        tx.entry("key.rotated", keySubject(retired), { key, previous });
        return { key, secret, previous };
      });
    },
  };
}

/** Throws 403 `outranked` and 422 `invalidState`, with `data.rotatedTo` where there is a successor. */
async function assertMayRotate(
  tx: Transaction,
  by: CallerNow,
  key: KeyRecord,
  owner: UserRecord,
): Promise<void> {
  if (!isItself(by, key)) await assertOutranks(tx, by, owner);
  const status = keyStatus(key, tx.at);
  if (status === "active") return;
  throw refusal("invalidState", `Key ${key.name} is ${status} and cannot be rotated`, {
    status,
    ...(key.rotatedTo !== null && { rotatedTo: key.rotatedTo }),
  });
}

/** The same lifetime from now on, unless another end is wanted; a key that rotates itself keeps its end. */
function nextEnd(
  by: CallerNow,
  old: KeyRecord,
  wanted: string | null | undefined,
  at: string,
): string | null {
  if (wanted !== undefined) return firstEnd(by, wanted, at);
  if (old.expiresAt === null || isItself(by, old)) return old.expiresAt;
  return after(at, Date.parse(old.expiresAt) - Date.parse(old.createdAt));
}

function graceEnd({ expiresAt }: KeyRecord, seconds: number, at: string): string {
  const end = after(at, seconds * 1000);
  return expiresAt !== null && expiresAt < end ? expiresAt : end;
}

function isItself(by: CallerNow, key: KeyRecord): boolean {
  return by.kind === "key" && by.key.id === key.id;
}
