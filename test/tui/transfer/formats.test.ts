import { expect, test } from "vitest";
import { guessFormat } from "../../../tui/transfer/formats.ts";

test.each([
  ["users.jsonl", "", "jsonl"],
  ["users.ndjson", "", "jsonl"],
  ["USERS.CSV", "", "csv"],
  ["users.yaml", "", "octoprint"],
  ["users.json", '[\n{"username":"ann"}', "json"],
  ["users.json", '{"username":"ann"}\n', "jsonl"],
  ["answer.json", '{"data":{"0":{"id":"1","group_id":"1"', "dandelion"],
  ["answer.json", '[{"_id":"5f","username":"ann"', "erizos"],
  ["answer", "fullName,username\n", "csv"],
  ["answer", "lena:\n  active: true\n", "octoprint"],
])("%s beginning with %j is %s", (file, beginning, format) => {
  expect(guessFormat(file, beginning)).toBe(format);
});

test("what cannot be guessed must be told", () => {
  expect(() => guessFormat("notes.txt", "Dear all,")).toThrow(
    "notes.txt is none of the formats known: say which",
  );
});
