import { expect, test } from "vitest";
import { differences, mergePatch } from "../../../daemon/directory/merge-patch.ts";

test.each([
  // RFC 7396, appendix A: original, patch, result.
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])("merging %j with %j gives %j", (original, patch, result) => {
  expect(mergePatch(original, patch)).toEqual(result);
});

test("the originals stay as they were", () => {
  const original = { a: { b: 1 } };
  mergePatch(original, { a: { c: 2 } });
  expect(original).toEqual({ a: { b: 1 } });
});

test("prototype pollution: a patch with __proto__ reaches no prototype", () => {
  const patch = JSON.parse(
    '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
  );
  const merged = mergePatch({}, patch);
  expect(Object.hasOwn({}, "polluted") || "polluted" in {}).toBe(false);
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect(Object.keys(merged as object)).toEqual(["__proto__", "constructor"]);
});

test("what differs is told by JSON Pointers, without values", () => {
  const before = { studio: { grid: 1, "a/b~c": 2 }, browse: { list: [1] }, same: { x: 1 } };
  const now = { studio: { grid: 2 }, browse: { list: [1, 2] }, same: { x: 1 }, extra: {} };
  expect(differences(before, now)).toEqual(["/browse/list", "/extra", "/studio/a~1b~0c", "/studio/grid"]);
  expect(differences(before, before)).toEqual([]);
  expect(differences({}, JSON.parse('{"__proto__": {"a": 1}}'))).toEqual(["/__proto__"]);
});
