import { type ErrorObject, ProtocolError, rpcCodes } from "./errors.ts";

/** The connection ended before the answer came. Nothing is sent again by itself: look before repeating a change. */
export class ConnectionLost extends Error {
  /** The WebSocket close code (RFC 6455, section 7.4); null when the client itself was closed. */
  readonly closeCode: number | null;

  constructor(what: string, closeCode: number | null) {
    super(`${what}; whether calls still unanswered took effect is unknown`);
    this.name = "ConnectionLost";
    this.closeCode = closeCode;
  }
}

/** No answer came in time; it may still take effect. */
export class CallTimeout extends Error {
  constructor(what: string, timeoutMs: number) {
    super(`No answer to ${what} within ${timeoutMs / 1000} s; whether it took effect is unknown`);
    this.name = "CallTimeout";
  }
}

/** There is no connection now: nothing was sent. */
export class NotConnected extends Error {
  constructor() {
    super("Not connected to the daemon; nothing was sent");
    this.name = "NotConnected";
  }
}

/** An `error` member as it came over the wire, whatever it is. */
export function toProtocolError(error: unknown): ProtocolError {
  const { code, message, data } = Object(error) as Partial<ErrorObject>;
  if (typeof code === "number" && typeof message === "string") {
    return new ProtocolError({ code, message, ...(data && { data }) });
  }
  return new ProtocolError({
    code: rpcCodes.internalError,
    message: "The daemon answered with a malformed error",
  });
}
