import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonItems, jsonLines, LONGEST_ROW } from "../../../tui/transfer/json-rows.ts";
import { all, inPieces } from "./scratch-file.ts";

const messageOf = (reading: Promise<unknown>) =>
  reading.then(
    () => "no failure",
    (error) => error.message,
  );

const items = (text: string, size = 7) => all(jsonItems("users.json", inPieces(text, size)));
const lines = (text: string, size = 7) => all(jsonLines("users.jsonl", inPieces(text, size)));

test("an array's items are what JSON.parse makes of the whole, however the file comes in pieces", async () => {
  const document = fc.tuple(fc.array(fc.jsonValue()), fc.constantFrom(0, 2), fc.integer({ min: 1, max: 40 }));
  await fc.assert(
    fc.asyncProperty(document, async ([values, indent, size]) => {
      const found = await items(JSON.stringify(values, null, indent), size);
      expect(found.map(({ value }) => value)).toEqual(JSON.parse(JSON.stringify(values)));
    }),
    { numRuns: 200 },
  );
});

test("lines are what JSON.parse makes of each, however the file comes in pieces", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 40 }), async (values, size) => {
      const found = await lines(values.map((value) => JSON.stringify(value)).join("\r\n"), size);
      expect(found.map(({ value }) => value)).toEqual(JSON.parse(JSON.stringify(values)));
    }),
    { numRuns: 200 },
  );
});

test("each row knows the line at which it begins", async () => {
  const text = '[\n{"a":"]\\"\n"},\n\n  {"b":\n1}\n]\n'.replace('\n"}', '\\n"}');
  expect((await items(text)).map(({ line }) => line)).toEqual([2, 4]);
  expect((await lines('{"a":1}\n\n{"b":2}')).map(({ line }) => line)).toEqual([1, 3]);
});

test.each([
  ['[{"a":1},\n{"b":}]', "users.json, line 2: this is not valid JSON"],
  ['[{"a":1},\n{"b":1', "users.json, line 2: the file ends in the middle"],
  ['[{"a":1},]', "users.json, line 1: this is not valid JSON"],
  ['[{"a":1}]\n[]', "users.json, line 2: here should be one array of users"],
  ['{"a":1}', "users.json, line 1: here should be one array of users"],
  ["", "users.json, line 1: the file ends in the middle"],
])("the file %j is refused at its line", async (text, message) => {
  expect(await messageOf(items(text))).toContain(message);
});

test("a broken line is named", async () => {
  expect(await messageOf(lines('{"a":1}\n{b}\n'))).toContain("users.jsonl, line 2: this is not valid JSON");
});

test("a row without an end is given up once it is longer than any row may be, in both forms", async () => {
  let read = 0;
  async function* endless(beginning: string) {
    yield beginning;
    for (;;) {
      read += 1;
      yield "x".repeat(64 * 1024);
    }
  }
  expect(await messageOf(all(jsonItems("f", endless('["'))))).toContain(`longer than ${LONGEST_ROW}`);
  expect(await messageOf(all(jsonLines("f", endless('"'))))).toContain(`longer than ${LONGEST_ROW}`);
  expect(read).toBeLessThan(40);
});
