import type { JSONRPCResponse } from "json-rpc-2.0";
import { type Remembered, rememberedOf } from "./directory/shared.ts";

/**
 * An answer as JSON. What is shared, a result or a part of one, is handed out again while nothing in it changed, so
 * that its text is kept.
 */
export function answerText(answer: JSONRPCResponse): string {
  const text = sharedText(answer.result) ?? joinedText(answer.result);
  if (text === undefined) return JSON.stringify(answer);
  return `{"jsonrpc":"2.0","id":${JSON.stringify(answer.id)},"result":${text}}`;
}

/** Of an object with a shared member. */
function joinedText(result: unknown): string | undefined {
  if (typeof result !== "object" || result === null || Array.isArray(result)) return undefined;
  if (!Object.values(result).some(rememberedOf)) return undefined;
  let text = "";
  for (const [name, member] of Object.entries(result)) {
    if (member === undefined) continue;
    text += `${text === "" ? "{" : ","}${JSON.stringify(name)}:${sharedText(member) ?? JSON.stringify(member)}`;
  }
  return `${text}}`;
}

/** So many texts are kept, of those asked for last: an answer about a user is 700 bytes long. */
const KEPT = 20_000;

const kept: Remembered[] = [];
let oldest = 0;

/** Kept from the second time on: the answer to a change is hardly ever asked for again. */
function sharedText(result: unknown): string | undefined {
  const memo = rememberedOf(result);
  if (memo === undefined || memo.text !== undefined) return memo?.text;
  const text = JSON.stringify(result);
  if (memo.wasAsked) keep(memo, text);
  memo.wasAsked = true;
  return text;
}

function keep(memo: Remembered, text: string): void {
  const forgotten = kept[oldest];
  if (forgotten) forgotten.text = undefined;
  kept[oldest] = memo;
  oldest = (oldest + 1) % KEPT;
  memo.text = text;
}
