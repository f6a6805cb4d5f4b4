import { safeText } from "../terminal/safe-text.ts";

/** Characters that act on a terminal or on the reader's eye, and that JSON.stringify leaves as they are. */
const UNSEEN = /[\u007F-\u009F\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One line for programs, indented for people. Whatever the daemon sends, no terminal obeys it. */
export function printJson(stream: NodeJS.WriteStream, value: unknown): void {
  stream.write(`${escapeUnseen(JSON.stringify(value, null, stream.isTTY ? 2 : 0))}\n`);
}

/** One line for people, on standard error, beside the JSON on standard output. */
export function say(message: string): void {
  process.stderr.write(`roster: ${safeText(message.replaceAll(/\s+/g, " "))}\n`);
}

/** The same JSON value, its unseen characters written as escapes (RFC 8259, section 7). */
export function escapeUnseen(json: string): string {
  return json.replace(UNSEEN, (character) =>
    Array.from({ length: character.length }, (_, index) => escapeUnit(character.charCodeAt(index))).join(""),
  );
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
