import type { JSONRPCResponse } from "json-rpc-2.0";

/** A frozen result is handed out again while nothing in it changed, so that its text is made once. */
export function answerText(answer: JSONRPCResponse): string {
  const text = sharedText(answer.result);
  if (text === undefined) return JSON.stringify(answer);
  return `{"jsonrpc":"2.0","id":${JSON.stringify(answer.id)},"result":${text}}`;
}

/** So many texts, at most twice, are kept: an answer about a user is 700 bytes long. */
const KEPT = 10_000;

let recent = new WeakMap<object, string>();
let older = new WeakMap<object, string>();
let kept = 0;

function sharedText(result: unknown): string | undefined {
  if (typeof result !== "object" || result === null) return undefined;
  return recent.get(result) ?? (Object.isFrozen(result) ? keep(result) : undefined);
}

function keep(result: object): string {
  if (kept === KEPT) {
    older = recent;
    recent = new WeakMap();
    kept = 0;
  }
  const text = older.get(result) ?? JSON.stringify(result);
  recent.set(result, text);
  kept += 1;
  return text;
}
