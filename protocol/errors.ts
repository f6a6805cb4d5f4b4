import type { z } from "zod";

const MOST_ISSUES = 100;

/** JSON-RPC 2.0 (section 5.1): the codes that the protocol itself defines. */
export const rpcCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
} as const;

/** Roster's own errors: the stable word in `data.reason` and the number that everybody knows from HTTP. */
export const reasonCodes = {
  unauthenticated: 401,
  invalidCredentials: 401,
  sessionExpired: 401,
  forbidden: 403,
  reauthenticationRequired: 403,
  outranked: 403,
  notFound: 404,
  alreadyExists: 409,
  inUse: 409,
  lastAdministrator: 409,
  ownAccount: 409,
  resumePointGone: 410,
  revisionMismatch: 412,
  passwordRejected: 422,
  invalidState: 422,
  passwordChangeRequired: 428,
  rateLimited: 429,
  busy: 429,
  storeUnavailable: 503,
} as const;

export type Reason = keyof typeof reasonCodes;

/** One thing that is wrong with the parameters: where, in people's words, and as a machine word. */
export interface ParamIssue {
  path: (string | number)[];
  message: string;
  code: string;
}

export interface ErrorObject {
  code: number;
  message: string;
  data?: Record<string, unknown>;
}

/** An error of the contract: what a client receives, and what the directory throws. */
export class ProtocolError extends Error {
  readonly code: number;
  readonly data: Record<string, unknown> | undefined;

  constructor({ code, message, data }: ErrorObject) {
    super(message);
    this.name = "ProtocolError";
    this.code = code;
    this.data = data;
  }

  /** The stable machine word, where the error is one of Roster's own. */
  get reason(): Reason | undefined {
    return this.data?.reason as Reason | undefined;
  }

  toObject(): ErrorObject {
    return { code: this.code, message: this.message, ...(this.data && { data: this.data }) };
  }
}

/** An error of Roster's own table; `message` is for people and names the object. */
export function refusal(reason: Reason, message: string, data: Record<string, unknown> = {}): ProtocolError {
  return new ProtocolError({ code: reasonCodes[reason], message, data: { reason, ...data } });
}

/** What a schema found wrong, up to 100 problems: enough to mend a call by, and a hostile one could have 100,000. */
export function issuesOf(error: z.ZodError): ParamIssue[] {
  return error.issues.slice(0, MOST_ISSUES).map(({ path, message, code }) => ({
    path: path.map((step) => (typeof step === "symbol" ? step.toString() : step)),
    message,
    code: code ?? "custom",
  }));
}

/** -32602 with every problem found. */
export function invalidParams(issues: ParamIssue[]): ProtocolError {
  const [first] = issues;
  const where = first?.path.length ? `${first.path.join(".")}: ` : "";
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  const message = first ? `Invalid params: ${where}${first.message}${more}` : "Invalid params";
  return new ProtocolError({ code: rpcCodes.invalidParams, message, data: { issues } });
}
