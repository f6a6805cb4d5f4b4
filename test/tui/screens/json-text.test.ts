import { expect, it } from "vitest";
import { parseJsonObject } from "../../../tui/screens/json-text.ts";

it("reads an object", () => {
  expect(parseJsonObject('{ "a": [1, {"b": null}] }')).toEqual({ value: { a: [1, { b: null }] } });
});

it.each([
  ['{\n  "a": x\n}', "Line 2, column 8: Unexpected token 'x'", 9],
  ['{\n  "a": 1\n  "b": 2\n}', "Line 3, column 3: Expected ',' or '}' after property value", 13],
  ['{\n  "a": 1,\n}', "Line 3, column 1: Expected double-quoted property name", 12],
  ['{\n  "a": tru,\n}', "Line 2, column 11: Unexpected token ','", 12],
  ['{\n  "a": "x\n', "Line 2, column 10: Bad control character in string literal", 11],
  ['{\n  "a": "\\q"\n}', "Line 2, column 10: Bad escaped character", 11],
  ['{\n  "a": 1', "Line 2, column 9: Expected ',' or '}' after property value", 10],
  ["{}\n{}", "Line 2, column 1: Unexpected non-whitespace character after JSON", 3],
  ["", "Line 1, column 1: Unexpected end of JSON input", 0],
])("says of %j where it goes wrong", (text, problem, at) => {
  expect(parseJsonObject(text)).toEqual({ problem, at });
});

it.each(["[]", "null", "7", '"text"'])("takes no %s for an object", (text) => {
  expect(parseJsonObject(text)).toEqual({ problem: "It has to be a JSON object: { … }", at: 0 });
});

it("finds the mistake in 64 KiB before a person notices", () => {
  const lines = Array.from({ length: 3000 }, (_, at) => `  "name-${at}": "value"`);
  const text = `{\n${lines.join(",\n")},\n  oops\n}`;
  const began = performance.now();
  expect(parseJsonObject(text)).toMatchObject({ problem: expect.stringMatching(/^Line 3002, column 3: /) });
  expect(performance.now() - began).toBeLessThan(1000);
});
