import type { Params } from "../../protocol/index.ts";
import type { KeyQuery } from "../store/store.ts";
import { keyEnd, keyStatus } from "./lifetime.ts";

type Matcher = NonNullable<KeyQuery["matches"]>;
type KeyTerms = Pick<Params<"keys.list">, "status" | "createdBefore" | "unusedSince" | "expiresBefore">;

/** What a key must be to be listed; undefined where every key is. */
export function keyMatcher(
  { status, createdBefore, unusedSince, expiresBefore }: KeyTerms,
  at: string,
): Matcher | undefined {
  const tests: Matcher[] = [];
  if (createdBefore !== undefined) tests.push((key) => key.createdAt < createdBefore);
  if (status !== undefined) tests.push((key) => keyStatus(key, at) === status);
  if (unusedSince !== undefined)
    tests.push((key, usage) => (usage?.lastUsedAt ?? key.createdAt) < unusedSince);
  if (expiresBefore !== undefined) tests.push((key) => (keyEnd(key) ?? expiresBefore) < expiresBefore);
  if (tests.length === 0) return undefined;
  return (key, usage) => tests.every((passes) => passes(key, usage));
}
