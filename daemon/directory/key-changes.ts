import { type CheckedParams, invalidParams, type Result, refusal } from "../../protocol/index.ts";
import type { KeyRecord, UserRecord } from "../store/records.ts";
import type { Reader } from "../store/store.ts";
import type { Call } from "./caller.ts";
import type { Context } from "./context.ts";
import { badEnd, notHeld } from "./key-grants.ts";
import { hasPassed, keyStatus } from "./lifetime.ts";
import { permissionsOf } from "./permissions.ts";
import { assertOutranks } from "./rank.ts";
import { keySubject } from "./subjects.ts";
import { targetKey } from "./targets.ts";

type Changes = CheckedParams<"keys.update">["changes"];

/** Changes of a live key: another name, fewer permissions, an earlier end. For anything more there are new keys. */
export function createKeyChanges({ keyView }: Context) {
  return {
    update({ params, change }: Call<"keys.update">): Promise<Result<"keys.update">> {
      return change(async (tx, by) => {
        const { key, owner } = await targetKey(tx, params.id);
        await assertOutranks(tx, by, owner);
        const { name, permissions, expiresAt } = params.changes;
        if (permissions) await assertNarrows(tx, key, owner, permissions);
        if (expiresAt !== undefined) assertShortens(key, expiresAt, tx.at);
        assertLive(key, tx.at);

        const next: KeyRecord = {
          ...key,
          ...(name !== undefined && { name }),
          ...(permissions && { permissions }),
          ...(expiresAt !== undefined && { expiresAt }),
        };
        const changed = differing(key, next);
        if (changed.length === 0) return keyView(tx, key, tx.at);
        tx.put("keys", next);
        const view = await keyView(tx, next, tx.at);
        tx.entry("key.updated", keySubject(next), { key: view, changed });
        return view;
      });
    },
  };
}

/** Throws -32602 for each permission that the key does not have, or that its owner lacks. */
async function assertNarrows(
  reader: Reader,
  key: KeyRecord,
  owner: UserRecord,
  wanted: readonly string[],
): Promise<void> {
  const held = await permissionsOf(reader, owner);
  const issues = wanted.flatMap((permission, index) => {
    const path = ["changes", "permissions", index];
    if (key.permissions !== null && !key.permissions.includes(permission)) {
      const message = `key ${key.name} does not have ${permission}, and a key never gets wider: make a new one`;
      return [{ path, code: "wider", message }];
    }
    return held.has(permission) ? [] : [notHeld(owner, permission, path)];
  });
  if (issues.length > 0) throw invalidParams(issues);
}

/** Throws -32602 for an end that has passed or is later than the key's own. */
function assertShortens({ expiresAt: end }: KeyRecord, wanted: string | null, at: string): void {
  const path = ["changes", "expiresAt"];
  if (end !== null && (wanted === null || wanted > end)) {
    throw badEnd(`must not be later than ${end}, when the key ends: rotate it instead`, path);
  }
  if (hasPassed(wanted, at)) throw badEnd("must lie in the future; to end the key now, revoke it", path);
}

function assertLive(key: KeyRecord, at: string): void {
  const status = keyStatus(key, at);
  if (status === "active" || status === "retiring") return;
  throw refusal("invalidState", `Key ${key.name} is ${status} and cannot be changed`, { status });
}

/** The fields that differ, in a fixed order. */
function differing(before: KeyRecord, next: KeyRecord): (keyof Changes)[] {
  return (["expiresAt", "name", "permissions"] as const).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(next[field]),
  );
}
