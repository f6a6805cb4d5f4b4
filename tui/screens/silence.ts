import type { ApiKey } from "../../protocol/index.ts";
import { span } from "./times.ts";

/** Unused for so long and without a connection an old key counts as silent. */
const SILENT_MS = 30_000;

/** Whether nothing seems to use an old key any more, as far as has been seen since `began`. */
export function isSilent(key: ApiKey, began: number, now: number): boolean {
  return key.openConnections === 0 && now - quietSince(key, began) >= SILENT_MS;
}

/** The same in a sentence, with what to do. */
export function silenceText(key: ApiKey, began: number, now: number): string {
  const quiet = quietFor(key, began, now);
  if (key.status !== "retiring") return `The old key is ${key.status}. The rotation is done.`;
  if (key.openConnections > 0) return "Still in use: something has a connection open with it.";
  if (!isSilent(key, began, now)) return `Not used for ${quiet}; wait a little to be sure.`;
  return `Silent for ${quiet}: d revokes it now, or leave it to end by itself.`;
}

/** How long it has not been used, such as `40s`. */
export function quietFor(key: ApiKey, began: number, now: number): string {
  return span(now - quietSince(key, began));
}

function quietSince({ lastUsedAt }: ApiKey, began: number): number {
  return lastUsedAt === null ? began : Math.max(began, Date.parse(lastUsedAt));
}
