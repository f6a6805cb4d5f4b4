import fc from "fast-check";
import { expect, test } from "vitest";
import { readFrame } from "../../daemon/envelope.ts";
import { defaultLimits } from "../../daemon/limits.ts";

const read = (text: string) => readFrame(text, defaultLimits);
const isId = (id: unknown) => id === null || typeof id === "string" || Number.isSafeInteger(id);

test("a request without params has none, and a notification has no id", () => {
  expect(read('{"jsonrpc":"2.0","method":"a"}')).toEqual({
    batch: false,
    entries: [{ request: { method: "a", params: {}, id: undefined, issues: [] } }],
  });
});

test("what else stands in a request is ignored", () => {
  expect(read('{"jsonrpc":"2.0","method":"a","id":1,"meta":{"trace":"x"}}').entries).toEqual([
    { request: { method: "a", params: {}, id: 1, issues: [] } },
  ]);
});

test("a hostile frame cannot make its error as large as itself", () => {
  const members = Array.from({ length: 10_000 }, () => '{"__proto__":1}').join();
  const [entry] = read(`{"jsonrpc":"2.0","method":"a","id":1,"params":{"a":[${members}]}}`).entries;
  expect(entry?.request?.issues).toHaveLength(20);
});

test("any JSON at all is taken apart into well-formed requests and well-formed refusals", () => {
  const near = fc.record(
    {
      jsonrpc: fc.constantFrom("2.0", "1.0", 2, null),
      method: fc.oneof(fc.string(), fc.jsonValue()),
      params: fc.jsonValue(),
      id: fc.oneof(fc.integer(), fc.string(), fc.jsonValue()),
    },
    { requiredKeys: [] },
  );
  const frames = fc.oneof(fc.jsonValue(), near, fc.array(fc.oneof(near, fc.jsonValue()), { maxLength: 5 }));
  fc.assert(
    fc.property(frames, (frame) => {
      for (const { request, refusal } of read(JSON.stringify(frame)).entries) {
        if (refusal) {
          expect(refusal.error.code).toBe(-32600);
          expect(isId(refusal.id)).toBe(true);
        } else {
          expect(request.method).toBeTypeOf("string");
          expect(request.params).toBeTypeOf("object");
          expect(request.id === undefined || isId(request.id)).toBe(true);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("any text that is not JSON is a parse error", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(read(`{,${text}`).entries[0]?.refusal?.error.code).toBe(-32700);
    }),
    { numRuns: 100 },
  );
});
