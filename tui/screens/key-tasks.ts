import type { ApiKey, Result } from "../../protocol/index.ts";
import type { Session } from "../session.ts";
import { isLive } from "./key-columns.ts";
import type { BulkTask } from "./use-bulk.tsx";

/** How a key is named where there are many: `mia/backup`. */
export function keyName({ username, name }: ApiKey): string {
  return `${username}/${name}`;
}

/** `the key backup of mia`, or `3 keys`. */
export function keysText(keys: readonly ApiKey[]): string {
  const [first] = keys;
  if (keys.length === 1 && first) return `the key ${first.name} of ${first.username}`;
  return `${keys.length.toLocaleString("en")} keys`;
}

const MOST_NAMED = 5;

/** The first few by name. */
export function namesOf(keys: readonly ApiKey[]): string {
  const more = keys.length - MOST_NAMED;
  const named = keys.slice(0, MOST_NAMED).map(keyName).join(", ");
  return more > 0 ? `${named} and ${more.toLocaleString("en")} more` : named;
}

export interface RevokeOptions {
  readonly session: Session;
  readonly consequences: readonly string[];
  readonly reason?: string;
  onChanged(key: ApiKey): void;
  /** These did not succeed. */
  onEnd(remaining: readonly ApiKey[]): void;
}

/** Ends those of the keys that live. */
export function revokeTask(keys: readonly ApiKey[], options: RevokeOptions): BulkTask<ApiKey> {
  const { session, consequences, reason, onChanged, onEnd } = options;
  const live = keys.filter(isLive);
  return {
    items: live,
    ask: {
      question: `Revoke ${keysText(live)}?`,
      consequences: [...consequences, "What is revoked stops at once, open connections included, for good."],
      deed: "Revoke",
    },
    doing: `Revoking ${keysText(live)}`,
    nameOf: keyName,
    async work({ id }) {
      onChanged(await session.call("keys.revoke", { id, ...(reason && { reason }) }));
    },
    said: (done) => `${capital(keysText(done))} ${done.length === 1 ? "is" : "are"} revoked`,
    onEnd: ({ failed, left }) => onEnd([...failed.map(({ item }) => item), ...left]),
  };
}

/** What is written of each rotation; throws where it cannot be. */
export type KeepSecret = (rotated: Result<"keys.rotate">) => Promise<void>;

export interface RotateOptions {
  readonly session: Session;
  readonly graceSeconds: number;
  keep: KeepSecret;
}

/** Rotates one key after another, and goes on only when the secret is kept. */
export function rotateTask(
  keys: readonly ApiKey[],
  { session, graceSeconds, keep }: RotateOptions,
): Pick<BulkTask<ApiKey>, "items" | "doing" | "atOnce" | "nameOf" | "work" | "said"> {
  return {
    items: keys,
    doing: `Rotating ${keysText(keys)}`,
    // So that there is never more than one secret that is not on disk.
    atOnce: 1,
    nameOf: keyName,
    async work({ id }) {
      await keep(await session.call("keys.rotate", { id, graceSeconds }));
    },
    said: (done) => `${capital(keysText(done))} ${done.length === 1 ? "is" : "are"} rotated`,
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
