import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository's own directory. */
export const root = fileURLToPath(new URL("..", import.meta.url));

export interface Block {
  language: string;
  code: string;
}

/** The fenced blocks of the README, in order. */
export function readmeBlocks(): Block[] {
  return fencedBlocks(readFileSync(`${root}/README.md`, "utf8"));
}

export function fencedBlocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", code = ""]) => ({
    language,
    code,
  }));
}
