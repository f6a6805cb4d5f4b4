import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findKey } from "../../../tui/commands/key.ts";

const directory = mkdtempSync(join(tmpdir(), "roster-key-"));
afterAll(() => rmSync(directory, { recursive: true }));

function keyFile(name: string, content: string, mode = 0o600): string {
  const file = join(directory, name);
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

test("a key file gives its key without the line's end", () => {
  expect(findKey(keyFile("good", "rk_abc\n"), {})).toBe("rk_abc");
});

test("the file goes before the variable, and the variable stands for no file", () => {
  expect(findKey(keyFile("first", "rk_file"), { ROSTER_KEY: "rk_variable" })).toBe("rk_file");
  expect(findKey(undefined, { ROSTER_KEY: "rk_variable" })).toBe("rk_variable");
  expect(findKey(undefined, { ROSTER_KEY: "" })).toBeUndefined();
  expect(findKey(undefined, {})).toBeUndefined();
});

test.each([
  ["missing", () => join(directory, "absent"), "does not exist"],
  ["a directory", () => directory, "is a directory"],
  ["empty", () => keyFile("empty", " \n"), "is empty"],
  ["more than a key", () => keyFile("two", "rk_a\nrk_b\n"), "more than one word"],
  ["readable by the group", () => keyFile("group", "rk_a", 0o640), "chmod 600"],
  ["readable by everybody", () => keyFile("all", "rk_a", 0o644), "chmod 600"],
])("a key file that is %s is refused by name with the way out", (_, makeFile, wayOut) => {
  const file = makeFile();
  expect(() => findKey(file, {})).toThrow(file);
  expect(() => findKey(file, {})).toThrow(wayOut);
});
