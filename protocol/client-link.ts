import { JSONRPCClient, type JSONRPCRequest, type JSONRPCResponse } from "json-rpc-2.0";
import { CallTimeout, ConnectionLost, NotConnected, toProtocolError } from "./client-errors.ts";
import type { ProtocolError } from "./errors.ts";
import type { MethodName, Params, Result } from "./methods.ts";

/** An open socket, handed in: one text is one WebSocket text frame. */
export interface ClientSocket {
  /** Never throws: on a socket that is gone the text is dropped, and `onClose` tells. */
  send(text: string): void;
  close(): void;
  onMessage(listener: (text: string) => void): void;
  /** Called once, also after `close()`. */
  onClose(listener: (code: number, reason: string) => void): void;
}

/** Time and chance, injectable for tests. */
export interface Timers {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `work` once after `ms`; the result cancels it. */
  after(ms: number, work: () => void): () => void;
  /** From 0 up to 1, to keep many clients from reconnecting in step. */
  random(): number;
}

/** What came of one call of a batch. */
export type Outcome<T> = { ok: true; result: T } | { ok: false; error: ProtocolError };

/** One method with its parameters. */
export type MethodCall = { [M in MethodName]: { method: M; params: Params<M> } }[MethodName];

interface LinkEvents {
  onEvent(params: unknown): void;
  onClosed(error: ConnectionLost): void;
}

interface Exchange {
  ids: number[];
  reject(error: Error): void;
}

/** One connection from open to closed: sends requests, matches answers, hands events on. */
export class Link {
  readonly #socket: ClientSocket;
  readonly #timers: Timers;
  readonly #events: LinkEvents;
  /** It matches answers to ids; the text is made by us, so that what JSON cannot carry throws at the caller. */
  readonly #rpc: JSONRPCClient<string>;
  readonly #open = new Set<Exchange>();
  #lastId = 0;
  #lost: ConnectionLost | null = null;

  constructor(socket: ClientSocket, timers: Timers, events: LinkEvents) {
    this.#socket = socket;
    this.#timers = timers;
    this.#events = events;
    this.#rpc = new JSONRPCClient<string>((_payload, text) => socket.send(text));
    socket.onMessage((text) => this.#receive(text));
    socket.onClose((code, reason) => this.#lose(code, reason));
  }

  /** Why the connection is gone; null while it is open. */
  get lost(): ConnectionLost | null {
    return this.#lost;
  }

  async call<M extends MethodName>(method: M, params: Params<M>, timeoutMs: number): Promise<Result<M>> {
    const request = this.#request(method, params);
    const [answer] = await this.#exchange([request], request, method, timeoutMs);
    const outcome = outcomeOf(answer);
    if (!outcome.ok) throw outcome.error;
    return outcome.result as Result<M>;
  }

  /** Sends one JSON-RPC batch; the outcomes stand in the order of the calls. */
  async batch(calls: readonly MethodCall[], timeoutMs: number): Promise<Outcome<unknown>[]> {
    const requests = calls.map(({ method, params }) => this.#request(method, params));
    const answers = await this.#exchange(requests, requests, `a batch of ${calls.length}`, timeoutMs);
    return answers.map(outcomeOf);
  }

  close(): void {
    this.#socket.close();
  }

  #request(method: string, params: unknown): JSONRPCRequest & { id: number } {
    return { jsonrpc: "2.0", id: ++this.#lastId, method, params };
  }

  #exchange(
    requests: readonly { id: number }[],
    payload: JSONRPCRequest | JSONRPCRequest[],
    what: string,
    timeoutMs: number,
  ): Promise<JSONRPCResponse[]> {
    if (this.#lost) throw new NotConnected();
    const text = JSON.stringify(payload);
    return new Promise((resolve, reject) => {
      const exchange = { ids: requests.map(({ id }) => id), reject };
      this.#open.add(exchange);
      const cancel = this.#timers.after(timeoutMs, () =>
        this.#abandon(exchange, new CallTimeout(what, timeoutMs)),
      );
      const answers = Array.isArray(payload)
        ? this.#rpc.requestAdvanced(payload, text)
        : this.#rpc.requestAdvanced(payload, text).then((answer) => [answer]);
      answers.then((all) => {
        cancel();
        this.#open.delete(exchange);
        resolve(all);
      }, reject);
    });
  }

  /** Rejects, then has the library forget the ids: it waits for ever for an answer that does not come. */
  #abandon(exchange: Exchange, error: Error): void {
    exchange.reject(error);
    for (const id of exchange.ids) {
      this.#rpc.receive({ jsonrpc: "2.0", id, error: { code: 0, message: error.message } });
    }
  }

  #receive(text: string): void {
    const message = parse(text);
    for (const part of Array.isArray(message) ? message : [message]) this.#take(part);
  }

  #take(message: unknown): void {
    if (typeof message !== "object" || message === null) return;
    const { method, params, id, error } = message as Record<string, unknown>;
    if (method === "event") this.#events.onEvent(params);
    else if (typeof id === "number") this.#rpc.receive(message as JSONRPCResponse);
    else if (id === null && error !== undefined) this.#refuseOnlyOne(error);
  }

  /** A batch over the daemon's limit is answered without an id: its own when nothing else is under way. */
  #refuseOnlyOne(error: unknown): void {
    const [only, ...others] = this.#open;
    if (only && others.length === 0) this.#abandon(only, toProtocolError(error));
  }

  #lose(code: number, reason: string): void {
    if (this.#lost) return;
    const why = reason || closeReasons.get(code) || `code ${code}`;
    const error = new ConnectionLost(`The connection to the daemon was lost (${why})`, code);
    this.#lost = error;
    for (const exchange of this.#open) this.#abandon(exchange, error);
    this.#events.onClosed(error);
  }
}

/** RFC 6455, section 7.4.1, and the contract's own 4401, for people. */
const closeReasons = new Map([
  [1000, "closed"],
  [1001, "the daemon is stopping"],
  [1006, "no goodbye"],
  [1009, "a message was too large"],
  [1013, "too slow in reading, or the daemon is full"],
  [4401, "the session or key has ended"],
]);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function outcomeOf(answer: JSONRPCResponse | undefined): Outcome<unknown> {
  if (answer && "result" in answer && answer.error === undefined) {
    return { ok: true, result: answer.result };
  }
  return { ok: false, error: toProtocolError(answer?.error) };
}
