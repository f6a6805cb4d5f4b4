import { Failure } from "../failure.ts";
import { type Chunks, newlines } from "./source-file.ts";

/** What stands at a line of a file. */
export interface SourceRow {
  line: number;
  value: unknown;
}

/** One row may take as much; the daemon takes no larger frame. */
export const LONGEST_ROW = 1024 * 1024;

/** JSON Lines: each line a value, blank ones left out. */
export async function* jsonLines(file: string, chunks: Chunks): AsyncGenerator<SourceRow> {
  let line = 1;
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      if (text.trim() !== "") yield parsed(file, line, text);
      line += 1;
    }
    if (rest.length > LONGEST_ROW) throw tooLong(file, line);
  }
  if (rest.trim() !== "") yield parsed(file, line, rest);
}

/** The items of a JSON array, each parsed by itself as soon as it is whole. */
export async function* jsonItems(file: string, chunks: Chunks): AsyncGenerator<SourceRow> {
  let line = 1;
  let depth = 0;
  let quoted = false;
  let escaped = false;
  let ended = false;
  let items = 0;
  /** The item as far as it was in earlier chunks, and where it began. */
  let item = "";
  let itemLine = 1;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const character = chunk.charAt(at);
      if (character === "\n") line += 1;
      if (quoted) {
        if (escaped) escaped = false;
        else if (character === "\\") escaped = true;
        else if (character === '"') quoted = false;
        continue;
      }
      if (depth === 0) {
        if (/\s/.test(character)) continue;
        if (ended || character !== "[")
          throw new Failure(`${file}, line ${line}: here should be one array of users`);
        depth = 1;
        from = at + 1;
        itemLine = line;
      } else if (character === '"') {
        quoted = true;
      } else if (character === "[" || character === "{") {
        depth += 1;
      } else if (depth > 1) {
        if (character === "]" || character === "}") depth -= 1;
      } else if (character === "," || character === "]") {
        const text = item + chunk.slice(from, at);
        const isNone = items === 0 && character === "]" && text.trim() === "";
        if (!isNone) yield parsed(file, itemLine, text);
        items += 1;
        item = "";
        from = at + 1;
        itemLine = line;
        ended = character === "]";
        if (ended) depth = 0;
      }
    }
    item += depth === 0 ? "" : chunk.slice(from);
    if (item.length > LONGEST_ROW) throw tooLong(file, itemLine);
  }
  if (!ended) throw new Failure(`${file}, line ${line}: the file ends in the middle`);
}

/** Throws where the text is not JSON. */
export function parseJson(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Failure(`${where}: this is not valid JSON (${error.message})`);
  }
}

function parsed(file: string, firstLine: number, text: string): SourceRow {
  const line = firstLine + newlines(text.slice(0, text.length - text.trimStart().length));
  if (text.length > LONGEST_ROW) throw tooLong(file, line);
  return { line, value: parseJson(`${file}, line ${line}`, text) };
}

function tooLong(file: string, line: number): Failure {
  return new Failure(`${file}, line ${line}: the row is longer than ${LONGEST_ROW} characters`);
}
