import { type Result, refusal } from "../../protocol/index.ts";
import type { KeyRecord, UserRecord } from "../store/records.ts";
import type { Reader, Transaction } from "../store/store.ts";
import type { Call } from "./caller.ts";
import type { Context } from "./context.ts";
import { newId } from "./ids.ts";
import { firstEnd, grantablePermissions } from "./key-grants.ts";
import { keyMatcher } from "./key-matcher.ts";
import { revokeKey } from "./key-revocation.ts";
import { isLive } from "./lifetime.ts";
import { assertOutranks } from "./rank.ts";
import { issueSecret } from "./secrets.ts";
import { keySubject } from "./subjects.ts";
import { changeableUser, liveUser, targetKey } from "./targets.ts";

export function createKeys({ store, keyView, limits }: Context) {
  return {
    async list({ params, by }: Call<"keys.list">): Promise<Result<"keys.list">> {
      const { offset, limit, text } = params;
      const owner = params.allUsers ? undefined : await liveUser(store, by, params.user);
      const matches = keyMatcher(params, by.at);
      const window = await store.queryKeys({
        ...(owner && { userId: owner.id }),
        ...(text && { text }),
        ...(matches && { matches }),
        offset,
        limit,
      });
      const items = [];
      for (const key of window.items) items.push(await keyView(store, key, by.at));
      return { items, total: window.total, offset: window.offset, limit };
    },

    async get({ params, by }: Call<"keys.get">): Promise<Result<"keys.get">> {
      const { key } = await targetKey(store, params.id);
      return keyView(store, key, by.at);
    },

    create({ params, change }: Call<"keys.create">): Promise<Result<"keys.create">> {
      return change(async (tx, by) => {
        const owner = await changeableUser(tx, by, params.user);
        const permissions = await grantablePermissions(tx, by, owner, params.permissions);
        const expiresAt = firstEnd(by, params.expiresAt, tx.at);
        await assertRoomForKey(tx, owner, limits.keysPerUser);

        const { secret, ...traces } = issueSecret("rk");
        const key: KeyRecord = {
          id: newId(tx.at),
          userId: owner.id,
          name: params.name,
          ...traces,
          permissions,
          createdAt: tx.at,
          expiresAt,
          expiredAt: null,
          rotatedFrom: null,
          rotatedTo: null,
          graceUntil: null,
          revokedAt: null,
          revokedReason: null,
        };
        tx.put("keys", key);
        const view = await keyView(tx, key, tx.at);
        tx.entry("key.created", keySubject(key), { key: view });
        return { key: view, secret };
      });
    },

    /** A key that has ended is answered as it is: it is as ended as the caller wants it. */
    revoke({ params, change }: Call<"keys.revoke">): Promise<Result<"keys.revoke">> {
      return change(async (tx, by) => {
        const { key, owner } = await targetKey(tx, params.id);
        await assertOutranks(tx, by, owner);
        if (!isLive(key, tx.at)) return keyView(tx, key, tx.at);
        return keyView(tx, await revokeKey(tx, key, params.reason ?? null, keyView), tx.at);
      });
    },

    revokeAll({ params, change }: Call<"keys.revokeAll">): Promise<Result<"keys.revokeAll">> {
      return change(async (tx, by) => {
        const owner = await changeableUser(tx, by, params.user);
        const live = (await tx.keysOf(owner.id)).filter((key) => isLive(key, tx.at));
        for (const key of live) await revokeKey(tx, key, params.reason ?? null, keyView);
        return { revoked: live.length };
      });
    },
  };
}

/** Throws 422 `invalidState` when the user has as many live keys as there may be. */
export async function assertRoomForKey(reader: Transaction, owner: UserRecord, most: number): Promise<void> {
  if ((await countLive(reader, owner, reader.at)) < most) return;
  throw refusal("invalidState", `User ${owner.username} has ${most} keys; revoke one first`);
}

async function countLive(reader: Reader, owner: UserRecord, at: string): Promise<number> {
  return (await reader.keysOf(owner.id)).filter((key) => isLive(key, at)).length;
}
