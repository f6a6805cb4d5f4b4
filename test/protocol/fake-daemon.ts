import type { ClientSocket, Principal, Timers } from "../../protocol/index.ts";

export interface Request {
  id: number;
  method: string;
  params: Record<string, unknown>;
}

/** What was put in waits for who takes it, and the other way round. */
class Mailbox<T> {
  readonly #waiting: ((item: T) => void)[] = [];
  readonly items: T[] = [];

  put(item: T): void {
    const taker = this.#waiting.shift();
    if (taker) taker(item);
    else this.items.push(item);
  }

  take(): Promise<T> {
    const item = this.items.shift();
    return item === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(item);
  }
}

/** The daemon's end of one connection, played by the test. */
export class FakeConnection {
  readonly #frames = new Mailbox<Request | Request[]>();
  readonly #closed = new Mailbox<true>();
  #onMessage: (text: string) => void = () => {};
  #onClose: (code: number, reason: string) => void = () => {};

  readonly socket: ClientSocket = {
    send: (text) => this.#frames.put(JSON.parse(text)),
    close: () => {
      this.#closed.put(true);
      this.drop(1005);
    },
    onMessage: (listener) => {
      this.#onMessage = listener;
    },
    onClose: (listener) => {
      this.#onClose = listener;
    },
  };

  /** The next frame, which has to be a request for this method. */
  async request(method: string): Promise<Request> {
    const frame = await this.#frames.take();
    if (Array.isArray(frame) || frame.method !== method) {
      throw new Error(`Expected ${method}, the client sent ${JSON.stringify(frame)}`);
    }
    return frame;
  }

  async batch(): Promise<Request[]> {
    const frame = await this.#frames.take();
    if (!Array.isArray(frame)) throw new Error(`Expected a batch, the client sent ${frame.method}`);
    return frame;
  }

  /** Frames that were sent and not looked at yet. */
  get unread(): (Request | Request[])[] {
    return this.#frames.items;
  }

  closedByClient(): Promise<true> {
    return this.#closed.take();
  }

  answer(request: Request, result: unknown): void {
    this.say({ jsonrpc: "2.0", id: request.id, result });
  }

  refuse(request: Request, code: number, data: Record<string, unknown> = {}): void {
    this.say({ jsonrpc: "2.0", id: request.id, error: { code, message: `refused with ${code}`, data } });
  }

  event(subscription: string, seq: number, type = "user.updated"): void {
    this.say({ jsonrpc: "2.0", method: "event", params: { subscription, seq, type } });
  }

  say(message: unknown): void {
    this.#onMessage(typeof message === "string" ? message : JSON.stringify(message));
  }

  drop(code = 1006, reason = ""): void {
    this.#onClose(code, reason);
    this.#onClose = () => {};
  }

  async answerNext(method: string, result: unknown): Promise<Request> {
    const request = await this.request(method);
    this.answer(request, result);
    return request;
  }
}

/** Connections in the order in which the client opens them; it can be down. */
export class FakeDaemon {
  readonly #connections = new Mailbox<FakeConnection>();
  down = false;
  attempts = 0;

  readonly connect = async (): Promise<ClientSocket> => {
    this.attempts++;
    if (this.down) throw new Error("nobody listens");
    const connection = new FakeConnection();
    this.#connections.put(connection);
    return connection.socket;
  };

  accept(): Promise<FakeConnection> {
    return this.#connections.take();
  }
}

/** A clock that moves only when the test moves it, without chance. */
export class FakeTimers implements Timers {
  #now = 1_000_000;
  #lastId = 0;
  readonly #pending = new Map<number, { at: number; work: () => void }>();

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0;
  }

  after(ms: number, work: () => void): () => void {
    const id = ++this.#lastId;
    this.#pending.set(id, { at: this.#now + ms, work });
    return () => this.#pending.delete(id);
  }

  get count(): number {
    return this.#pending.size;
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const [id, { at, work }] of [...this.#pending]) {
      if (at > this.#now) continue;
      this.#pending.delete(id);
      work();
    }
  }
}

export function principal(kind: Principal["kind"], changes: Partial<Principal> = {}): Principal {
  return {
    kind,
    userId: null,
    username: null,
    keyId: null,
    roles: [],
    permissions: [],
    mustChangePassword: false,
    reauthenticatedAt: null,
    ...changes,
  };
}
