import { JsonObject } from "../../protocol/index.ts";

type Settings = ReturnType<typeof JsonObject.parse>;

/** What a text says; or what is wrong with it, and where: counted in code units from its beginning. */
export type ParsedJson = { value: Settings } | { problem: string; at: number };

/** Reads a JSON object; what is wrong is told with its line. */
export function parseJsonObject(text: string): ParsedJson {
  try {
    const parsed = JsonObject.safeParse(JSON.parse(text));
    if (parsed.success) return { value: parsed.data };
    return { problem: "It has to be a JSON object: { … }", at: 0 };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const at = problemAt(text);
    const [line, column] = placeOf(text, at);
    return { problem: `Line ${line}, column ${column}: ${wordsOf(error)}`, at };
  }
}

/**
 * Where a text stops being the beginning of JSON. The engine does not say it for every mistake, but it does say
 * whether a beginning goes wrong only by ending.
 */
function problemAt(text: string): number {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (beginsJson(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function beginsJson(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, position] = /at position (\d+)/.exec(error.message) ?? [];
    if (position !== undefined) return Number(position) === start.length;
    return error.message.includes("end of JSON");
  }
}

function placeOf(text: string, at: number): [line: number, column: number] {
  const before = text.slice(0, at).split("\n");
  return [before.length, (before.at(-1)?.length ?? 0) + 1];
}

/** The engine's words without its count of characters and its quotation. */
function wordsOf({ message }: SyntaxError): string {
  return message
    .replace(/( in JSON)? at position \d+.*$/s, "")
    .replace(/, (\.\.\.)?".*" is not valid JSON$/s, "");
}
