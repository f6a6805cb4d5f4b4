import { type ErrorObject, type ParamIssue, rpcCodes } from "../protocol/index.ts";
import { inspectJson } from "./json-guard.ts";
import type { Limits } from "./limits.ts";

export type RequestId = string | number | null;

/** A well-formed JSON-RPC 2.0 request; without `id` it is a notification, which is never answered. */
export interface Request {
  method: string;
  params: unknown;
  id: RequestId | undefined;
  /** What is already known to be wrong with the parameters: -32602, when its turn comes. */
  issues: readonly ParamIssue[];
}

/** A JSON-RPC 2.0 error response. */
export interface Refusal {
  jsonrpc: "2.0";
  id: RequestId;
  error: ErrorObject;
}

export type Entry = { request: Request; refusal?: never } | { refusal: Refusal; request?: never };

/** One text frame: a batch is answered by an array, even when one entry is in it. */
export interface Frame {
  batch: boolean;
  entries: readonly Entry[];
}

const LONGEST_ID = 64;

/**
 * Reads a text frame as JSON-RPC 2.0 to the letter, before the library sees any of it: json-rpc-2.0 lets a
 * `null` entry end the process and accepts ids, methods and parameters of any type.
 */
export function readFrame(text: string, limits: Limits): Frame {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return single(refuse(null, rpcCodes.parseError, "Parse error: the frame is not JSON"));
  }
  if (!Array.isArray(message)) return single(readEntry(message, limits.jsonDepth));
  if (message.length === 0) return single(invalid(null, "the batch is empty"));
  if (message.length > limits.batchEntries) {
    const held = `the batch holds ${message.length} entries, at most ${limits.batchEntries} are allowed`;
    return single(invalid(null, held));
  }
  return { batch: true, entries: message.map((entry) => readEntry(entry, limits.jsonDepth - 1)) };
}

function single(entry: Entry): Frame {
  return { batch: false, entries: [entry] };
}

function readEntry(message: unknown, depth: number): Entry {
  if (!isObject(message)) return invalid(null, "a request is an object");
  const { jsonrpc, method, params, id } = message;
  if (id !== undefined && !isRequestId(id)) {
    return invalid(null, `id must be a string of at most ${LONGEST_ID} characters, a safe integer or null`);
  }
  const answerTo = id ?? null;
  if (jsonrpc !== "2.0") return invalid(answerTo, 'jsonrpc must be "2.0"');
  if (typeof method !== "string") return invalid(answerTo, "method must be a string");
  if (params !== undefined && (typeof params !== "object" || params === null)) {
    return invalid(answerTo, "params must be an object");
  }
  const { tooDeep, issues } = inspectJson(message, depth);
  if (tooDeep) return invalid(answerTo, "the message is nested too deeply");
  if (Array.isArray(params)) {
    issues.push({ path: [], message: "parameters are by name: send an object", code: "invalid_type" });
  }
  return { request: { method, params: params ?? {}, id, issues: issues.map(fromParams) } };
}

/** Places are told as seen from the parameters, as the schemas do. */
function fromParams({ path, ...issue }: ParamIssue): ParamIssue {
  return { path: path[0] === "params" ? path.slice(1) : path, ...issue };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRequestId(id: unknown): id is RequestId {
  if (typeof id === "string") return id.length <= LONGEST_ID;
  return id === null || Number.isSafeInteger(id);
}

function invalid(id: RequestId, why: string): Entry {
  return refuse(id, rpcCodes.invalidRequest, `Invalid Request: ${why}`);
}

function refuse(id: RequestId, code: number, message: string): Entry {
  return { refusal: { jsonrpc: "2.0", id, error: { code, message } } };
}
