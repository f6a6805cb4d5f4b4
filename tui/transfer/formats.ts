import { extname } from "node:path";
import { misuse } from "../failure.ts";

/** What `roster import` reads; the first three it also writes. */
export const importFormats = ["json", "jsonl", "csv", "octoprint", "dandelion", "erizos"] as const;
export const exportFormats = ["json", "jsonl", "csv"] as const;

export type ImportFormat = (typeof importFormats)[number];
export type ExportFormat = (typeof exportFormats)[number];

const byExtension = new Map<string, ImportFormat>([
  [".jsonl", "jsonl"],
  [".ndjson", "jsonl"],
  [".csv", "csv"],
  [".tsv", "csv"],
  [".yaml", "octoprint"],
  [".yml", "octoprint"],
]);

/** The format by the file's name, else by how it begins. Throws where neither tells. */
export function guessFormat(file: string, beginning: string): ImportFormat {
  const text = beginning.trimStart();
  const guess = byExtension.get(extname(file).toLowerCase()) ?? guessByContent(text);
  if (guess) return guess;
  throw misuse(
    `${file} is none of the formats known: say which it is by --format ${importFormats.join("|")}`,
  );
}

function guessByContent(text: string): ImportFormat | undefined {
  if (text.startsWith("[")) return /"_id"\s*:/.test(text) ? "erizos" : "json";
  if (text.startsWith("{")) return /"group_id"\s*:/.test(text) ? "dandelion" : "jsonl";
  if (/^[^\n]*\busername\b/i.test(text)) return "csv";
  return /^\S[^\n]*:\s*\n\s+\w+:/.test(text) ? "octoprint" : undefined;
}
