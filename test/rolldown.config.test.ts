import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { NARROW } from "../tui/terminal/cell-width.ts";

const directory = fileURLToPath(new URL("../dist/tui/", import.meta.url));
const sources = readdirSync(directory)
  .filter((name) => name.endsWith(".js"))
  .map((name) => readFileSync(`${directory}${name}`, "utf8"));

it("the terminal UI loads the emoji and the segmenter of Unicode only for a text that needs them", () => {
  expect(sources.filter((source) => source.includes("new Intl.Segmenter"))).toEqual([]);
  expect(sources.flatMap((source) => source.match(/^.*\/\^?\\p\{RGI_Emoji\}.*$/gm) ?? [])).toEqual([]);
  // Once in our own measure of texts, once in Ink's.
  expect(sources.join().split(String(NARROW))).toHaveLength(3);
});

it("the terminal UI does not keep every text that it ever showed", () => {
  const [measure] = sources.flatMap((source) => source.match(/const measureText = [\s\S]*?\n\};/g) ?? []);
  expect(measure).toContain("widestLine");
  expect(measure).not.toContain(".set(");
});
