import { randomUUID } from "node:crypto";
import {
  createJSONRPCErrorResponse,
  createJSONRPCSuccessResponse,
  type JSONRPCRequest,
  type JSONRPCResponse,
  JSONRPCServer,
} from "json-rpc-2.0";
import {
  type CheckedParams,
  type ErrorObject,
  invalidParams,
  isMethod,
  issuesOf,
  type MethodName,
  methodNames,
  methods,
  type ParamIssue,
  ProtocolError,
  rpcCodes,
} from "../protocol/index.ts";
import { admit, findTarget, permit } from "./access.ts";
import type { Attempts } from "./directory/attempts.ts";
import { actorOf, type Call, type CallerNow, callerAt, findBearer } from "./directory/caller.ts";
import type { Request } from "./envelope.ts";
import type { ConnectionHandle, Handlers } from "./handlers.ts";
import type { Logger } from "./log.ts";
import { type Meters, type Outcome, UNKNOWN_METHOD } from "./metrics/meters.ts";
import { createResultCheck } from "./result-check.ts";
import type { Store } from "./store/store.ts";
import { createTimestamps } from "./store/timestamps.ts";

export interface DispatchParts<Context> {
  store: Store;
  handlers: Handlers<Context>;
  context: Context;
  attempts: Attempts;
  log: Logger;
  meters: Meters;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Answers one well-formed request; resolves with null for a notification, and never rejects. */
export type Dispatch = (
  request: Request,
  connection: ConnectionHandle,
) => PromiseLike<JSONRPCResponse | null>;

/** What travels with a request through json-rpc-2.0. */
interface Passage {
  connection: ConnectionHandle;
  issues: readonly ParamIssue[];
}

const LONGEST_NAME_ECHOED = 100;

/**
 * Validates, authorises, handles and answers: the only place that turns errors into answers.
 * Of several errors the answer is the first of -32601, 401, 428, -32602, 403, 404 and the handler's own.
 */
export function createDispatch<Context>(parts: DispatchParts<Context>): Dispatch {
  const { store, handlers, context, attempts, log, meters, now } = parts;
  const timestamp = createTimestamps(now);
  const server = new JSONRPCServer<Passage>({
    errorListener: (message, error) => log.error({ err: error }, message),
  });
  server.handleMethodNotFound = (request) => {
    meters.of(UNKNOWN_METHOD).note("methodNotFound", 0);
    const error = { code: rpcCodes.methodNotFound, message: unknownMethod(request.method) };
    return Promise.resolve(refuse(request, error));
  };
  for (const method of methodNames) register(method);

  function register<M extends MethodName>(method: M): void {
    const checkResult = createResultCheck(methods[method].result);
    const meter = meters.of(method);

    server.addMethodAdvanced(method, async (request, { connection, issues }) => {
      const begun = performance.now();
      const { caller } = connection;
      let by: CallerNow | undefined;
      try {
        const at = timestamp();
        by = admit(callerAt(caller, await findBearer(store, caller), at), caller, method);
        countUse(by, at);
        const params = checkedParams(method, issues, request.params);
        const found = await findTarget(store, by, method, params);
        permit(by, method, params, found);
        const call = { method, params, by, found, change: changing(method, params, by) };
        const result = await handlers[method](call, connection, context);
        checkResult(result);
        meter.note("ok", performance.now() - begun);
        return request.id === undefined ? null : createJSONRPCSuccessResponse(request.id, result);
      } catch (error) {
        if (by) noteDenial(by, method, error);
        meter.note(outcomeOf(error), performance.now() - begun);
        return refuse(request, errorObject(error, method));
      }
    });
  }

  /** The way of a call to change something: authorised again, as head has its caller and what it is about. */
  function changing<M extends MethodName>(
    method: M,
    params: CheckedParams<M>,
    by: CallerNow,
  ): Call<M>["change"] {
    const { caller } = by;
    return (work) =>
      store.transaction(actorOf(by), async (tx) => {
        const byNow = admit(callerAt(caller, await findBearer(tx, caller), tx.at), caller, method);
        const found = await findTarget(tx, byNow, method, params);
        permit(byNow, method, params, found);
        return work(tx, byNow, found);
      });
  }

  function countUse(by: CallerNow, at: string): void {
    if (by.kind === "session") store.countUse(by.session.id, at, by.caller.address);
    if (by.kind === "key") store.countUse(by.key.id, at, by.caller.address);
  }

  /** What is refused because of who asks, or to keep the directory governable, stands in the audit. */
  function noteDenial(by: CallerNow, method: MethodName, error: unknown): void {
    if (!(error instanceof ProtocolError && isDenial(error))) return;
    const { permission } = error.data ?? {};
    const data = { method, reason: error.reason, ...(permission !== undefined && { permission }) };
    attempts.note({ type: "call.denied", actor: actorOf(by), subject: null, outcome: "denied", data });
  }

  function errorObject(error: unknown, method: string): ErrorObject {
    if (error instanceof ProtocolError) return error.toObject();
    const ref = randomUUID();
    log.error({ err: error, ref, method }, "A call failed for a reason that is not its caller's");
    return { code: rpcCodes.internalError, message: "Internal error", data: { ref } };
  }

  return ({ method, params, id, issues }, connection) => {
    const request: JSONRPCRequest = { jsonrpc: "2.0", method, params, id };
    return server.receive(request, { connection, issues });
  };
}

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ProtocolError)) return "internalError";
  return error.reason ?? "invalidParams";
}

function isDenial({ code, reason }: ProtocolError): boolean {
  return code === 403 || reason === "lastAdministrator" || reason === "ownAccount";
}

/** Throws -32602 with every problem found. */
function checkedParams<M extends MethodName>(
  method: M,
  issues: readonly ParamIssue[],
  given: unknown,
): CheckedParams<M> {
  if (issues.length > 0) throw invalidParams([...issues]);
  const parsed = methods[method].params.safeParse(given);
  if (parsed.success) return parsed.data as CheckedParams<M>;
  throw invalidParams(issuesOf(parsed.error));
}

function refuse(request: JSONRPCRequest, { code, message, data }: ErrorObject): JSONRPCResponse | null {
  return request.id === undefined ? null : createJSONRPCErrorResponse(request.id, code, message, data);
}

function unknownMethod(name: string): string {
  return `Method not found: ${name.slice(0, LONGEST_NAME_ECHOED)}`;
}

export function blocksLaterRequests(method: string): boolean {
  return isMethod(method) && "changesPrincipal" in methods[method];
}
