import { type ClientOptions, WebSocket } from "ws";
import {
  type ErrorObject,
  type EventNotification,
  type MethodName,
  type Params,
  ProtocolError,
  type Result,
} from "../../protocol/index.ts";

/** An answer as it came, or an event. */
export interface Message {
  jsonrpc: "2.0";
  id?: string | number | null;
  result?: unknown;
  error?: ErrorObject;
  method?: string;
  params?: EventNotification;
}

/** A client that sends frames as the test writes them and keeps what comes back, in order. */
export class RawClient {
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #messages: unknown[] = [];
  #waiting: (() => void)[] = [];
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once("close", (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#wake();
      });
    });
    socket.on("message", (data) => {
      this.#messages.push(JSON.parse(data.toString()));
      this.#wake();
    });
    socket.on("error", () => {});
  }

  /** Rejects with the HTTP status in its message when the upgrade is refused. */
  static open(url: string, options: ClientOptions = {}): Promise<RawClient> {
    const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    const client = new RawClient(socket);
    return new Promise((resolve, reject) => {
      socket.once("open", () => resolve(client));
      socket.once("error", reject);
    });
  }

  /** Sends text as it is, anything else as JSON. */
  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** The first message not taken yet that `matches`; waits for it. */
  async next<T = Message>(matches: (message: T) => boolean = () => true): Promise<T> {
    for (;;) {
      const index = this.#messages.findIndex((message) => matches(message as T));
      if (index >= 0) return this.#messages.splice(index, 1)[0] as T;
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error("closed before the message came");
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  /** Sends one frame and waits for the next message. */
  async ask<T = Message>(frame: unknown): Promise<T> {
    this.send(frame);
    return this.next<T>();
  }

  async call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    this.#lastId += 1;
    const id = `call ${this.#lastId}`;
    this.send({ jsonrpc: "2.0", id, method, params });
    const answer = await this.next((message) => message.id === id);
    if (answer.error) throw new ProtocolError(answer.error);
    return answer.result as Result<M>;
  }

  /** The next event, whatever else has come. */
  async event(): Promise<EventNotification> {
    const { params } = await this.next((message) => message.method === "event");
    if (params === undefined) throw new Error("an event without params");
    return params;
  }

  /** Messages that have come and were not taken. */
  get untaken(): readonly unknown[] {
    return this.#messages;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}
