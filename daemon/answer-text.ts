import type { JSONRPCResponse } from "json-rpc-2.0";

/**
 * An answer as JSON. What is frozen, a result or a part of one, is handed out again while nothing in it changed, so that
 * its text is made once.
 */
export function answerText(answer: JSONRPCResponse): string {
  const text = sharedText(answer.result) ?? joinedText(answer.result);
  if (text === undefined) return JSON.stringify(answer);
  return `{"jsonrpc":"2.0","id":${JSON.stringify(answer.id)},"result":${text}}`;
}

/** Of an object with a frozen member. */
function joinedText(result: unknown): string | undefined {
  if (typeof result !== "object" || result === null || Array.isArray(result)) return undefined;
  if (!Object.values(result).some(isShared)) return undefined;
  const members = Object.entries(result)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${JSON.stringify(name)}:${sharedText(member) ?? JSON.stringify(member)}`);
  return `{${members.join()}}`;
}

/** So many texts, at most twice, are kept: an answer about a user is 700 bytes long. */
const KEPT = 10_000;

let recent = new WeakMap<object, string>();
let older = new WeakMap<object, string>();
let kept = 0;

function sharedText(result: unknown): string | undefined {
  return isShared(result) ? (recent.get(result) ?? keep(result)) : undefined;
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

function isShared(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.isFrozen(value);
}
