import { test } from "vitest";
import { helpRows } from "../../tui/keymap.ts";
import { expectFresh, readProjectFile } from "./generated.ts";

const BEGIN = "<!-- keys:begin -->\n";
const END = "<!-- keys:end -->";

test("the README's table of keys is that of the keymap", () => {
  const readme = readProjectFile("README.md");
  const before = readme.slice(0, readme.indexOf(BEGIN) + BEGIN.length);
  const after = readme.slice(readme.indexOf(END));
  expectFresh("README.md", before + keyTable() + after);
});

function keyTable(): string {
  const rows = helpRows().map(({ keys, help, where }) => `| \`${keys}\` | ${help} | ${where} |`);
  return ["| key | does | where |", "| --- | --- | --- |", ...rows, ""].join("\n");
}
