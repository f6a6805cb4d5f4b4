import { text } from "node:stream/consumers";
import {
  type CallOptions,
  type ErrorObject,
  isMethod,
  type MethodName,
  methodNames,
  nearest,
  type Params,
  ProtocolError,
  rpcCodes,
} from "../../protocol/index.ts";
import { misuse } from "../failure.ts";
import { type Destination, open } from "./connection.ts";
import { printJson } from "./output.ts";

/** Prints the result on standard output (status 0), or the error object on standard error (status 1). */
export async function call(
  method: string,
  argument: string | undefined,
  destination: Destination,
): Promise<number> {
  const params = parseParams(argument === "-" ? await text(process.stdin) : (argument ?? "{}"));
  const client = await open(destination, "never");
  try {
    // The daemon knows the contract it serves, perhaps a newer one: it is the judge of names and parameters.
    const result = await client.call(method as MethodName, params as Params<MethodName>, patienceFor(method));
    printJson(process.stdout, result);
    return 0;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    printJson(process.stderr, withSuggestion(method, error.toObject()));
    return 1;
  } finally {
    client.close();
  }
}

/** These read or write all that is stored, which may be gigabytes on a slow disk. */
const SLOW: readonly string[] = ["system.backup", "system.verify"] satisfies MethodName[];

/** How long to wait for the answer; nothing said: as long as the client does. */
export function patienceFor(method: string): CallOptions {
  return SLOW.includes(method) ? { timeoutMs: 30 * 60_000 } : {};
}

function parseParams(json: string): object {
  const example = `write an object, such as '{"user":"ann"}'`;
  const params = parseJson(json, example);
  if (typeof params !== "object" || params === null || Array.isArray(params)) {
    throw misuse(`the parameters are not a JSON object: ${example}`);
  }
  return params;
}

function parseJson(json: string, example: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const why = error.message.replaceAll(/\s+/g, " ");
    throw misuse(`the parameters are not valid JSON (${why}): ${example}`);
  }
}

function withSuggestion(method: string, error: ErrorObject): ErrorObject {
  if (error.code !== rpcCodes.methodNotFound || isMethod(method)) return error;
  const meant = nearest(method, methodNames);
  return { ...error, message: `Unknown method "${method}"${meant ? `: did you mean "${meant}"?` : ""}` };
}
