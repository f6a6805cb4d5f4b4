/**
 * Bare Node that says `ready`, after reading a file if one is named: `whole` by one JSON.parse, `lines` by one a line. What
 * a daemon cannot start faster than.
 */
import { readFileSync } from "node:fs";
import { serve } from "./serve.ts";

const [, , mode, file] = process.argv;
/** Kept, as a directory is. */
const parsed = file === undefined ? null : parse(readFileSync(file));

serve((_, socket) => socket.send(JSON.stringify(parsed === null)));

function parse(bytes: Buffer): unknown {
  if (mode === "whole") return JSON.parse(bytes.toString());
  let lines = 0;
  for (let start = 0; ; lines += 1) {
    const end = bytes.indexOf("\n", start);
    // What a journal that was not closed has after its lines was written ahead of the next ones.
    if (end < 0) return lines;
    JSON.parse(bytes.toString("utf8", start, end));
    start = end + 1;
  }
}
