import { expect, test } from "vitest";
import { share } from "../../daemon/directory/shared.ts";
import { createResultCheck } from "../../daemon/result-check.ts";
import { examples } from "../../protocol/examples/index.ts";
import { type MethodName, methodNames, methods } from "../../protocol/index.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** The value with one thing in it changed, in every place and way: gone, another kind, one too many. */
function* spoiled(value: Json): Generator<Json | undefined> {
  yield undefined;
  yield null;
  yield typeof value === "number" ? "7" : 7;
  yield typeof value === "number" ? 7.5 : `${value} `;
  if (Array.isArray(value)) {
    yield [...value, {}];
    for (const [index, item] of value.entries())
      for (const other of spoiled(item)) yield put(value, index, other);
  } else if (typeof value === "object" && value !== null) {
    yield { ...value, passwordHash: "c2NyeXB0" };
    for (const [name, member] of Object.entries(value)) {
      for (const other of spoiled(member)) yield { ...value, [name]: other as Json };
    }
  }
}

function put(items: Json[], index: number, other: Json | undefined): Json {
  return items.with(index, other as Json);
}

/** A copy whose objects inside are shared, as the directory shares users. */
function sharing(value: unknown, isInside = false): unknown {
  if (typeof value !== "object" || value === null) return value;
  const copy = Array.isArray(value)
    ? value.map((item) => sharing(item, true))
    : Object.fromEntries(Object.entries(value).map(([name, member]) => [name, sharing(member, true)]));
  return isInside ? share(copy) : copy;
}

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

const results = methodNames
  .filter((method) => method !== "rpc.discover")
  .map((method): [MethodName, Json[]] => [method, examples[method].map(({ result }) => result as Json)]);

test.each(results)(
  "what may leave as the result of %s is what its schema says, shared or not",
  (method, all) => {
    const schema = methods[method].result;
    const checkResult = createResultCheck(schema);
    for (const good of all) {
      for (const value of [good, ...spoiled(good)]) {
        const isGood = schema.safeParse(value).success;
        for (const given of [value, sharing(value)]) {
          expect(passes(() => checkResult(given))).toBe(isGood);
          expect(passes(() => checkResult(given))).toBe(isGood);
        }
      }
    }
  },
);

test("a shared object that one schema let pass is checked by another one too", () => {
  const shared = share({ at: "2026-01-05T08:00:00.000Z" });
  createResultCheck(methods["system.ping"].result)(shared);
  expect(() => createResultCheck(methods["users.purge"].result)(shared)).toThrow();
});
