import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

/**
 * Holds a generated file of the project against what it should be now. `UPDATE_DOCS=1 npm test -- test/docs` writes it
 * anew instead.
 */
export function expectFresh(path: string, content: string): void {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  if (process.env.UPDATE_DOCS) writeFileSync(file, content);
  expect(readFileSync(file, "utf8"), `${path} is stale: run UPDATE_DOCS=1 npm test -- test/docs`).toBe(
    content,
  );
}

export function readProjectFile(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
}
